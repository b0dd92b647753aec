-- Answers to repeated requests are forgotten after a while: the sweep finds the oldest first.
create index requests_by_age on requests (created_at);
