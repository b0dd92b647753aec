//! Statements which mean the rows of all homes, each with the reason. On one database they cost an index scan; on a
//! cluster they ask every node, so none of them may stand in the way of a sale. The lists may only shrink or be argued.

/// File under `crates/store/src`, how the statement begins, why it needs all homes.
pub type Entry = (&'static str, &'static str, &'static str);

const DUE: &str = "the page of due work shows the next of all";
const HOUSE: &str = "a page of the house shows all shops";
const CHECK: &str = "guildhall ledger check reads everything";

/// These read.
pub const READS: &[Entry] = &[
    ("due.rs", "select id, buyer_id, due_at from payments where due_at is not null", DUE),
    ("due.rs", "select id, shop_id, due_at from orders where due_at is not null", DUE),
    ("due.rs", "select id, home_id, due_at from reserve_parts where due_at is not null", DUE),
    ("due.rs", "select id, shop_id, due_at from cancel_requests where due_at is not null", DUE),
    ("due.rs", "select id, shop_id, due_at from shortages where due_at is not null", DUE),
    ("due.rs", "select id, shop_id, due_at from cases where due_at is not null", DUE),
    ("due.rs", "select id, shop_id, due_at from payouts where due_at is not null", DUE),
    ("due.rs", "select id, home_id, due_at from jobs where due_at is not null", DUE),
    (
        "catalog/lists.rs",
        "select {card} from products where {} and",
        "the storefront shows the goods of all shops of a market",
    ),
    (
        "promotions.rs",
        "select {promotion} from promotions where funded_by = 'shared'",
        "the house sees what it proposed to all shops",
    ),
    (
        "parcels.rs",
        "select {parcel} from parcels where tracking_number = $1",
        "a carrier knows its number and no shop",
    ),
    ("jobs.rs", "select {job} from jobs where due_at is not null", DUE),
    ("jobs.rs", "select {job} from jobs where state = 'failed'", HOUSE),
    (
        "events.rs",
        "select id, home_id, subject, subject_id, kind, actor, body, created_at from events where r",
        "the relay hands on what no home has handed on yet",
    ),
    (
        "events.rs",
        "select id, home_id, subject, subject_id, kind, actor, body, created_at from events where i",
        HOUSE,
    ),
    ("ledger.rs", "select home_id, account, currency, debits_posted_minor", HOUSE),
    ("ledger.rs", "select {transfer} from transfers where id > $1", CHECK),
    (
        "ledger.rs",
        "select id, shop_id, currency, state, total_minor, paid_at, tax_minor, house_discount_minor, back_",
        CHECK,
    ),
    ("lists/orders.rs", "select {order} from orders where id < $1", HOUSE),
    (
        "lists/orders.rs",
        "select shop_id from orders where id = $1",
        "the house is given a number and looks for its shop",
    ),
    (
        "lists/orders.rs",
        "select id, shop_id from orders where id in",
        "the house is given numbers and looks for their shops",
    ),
    (
        "lists/orders.rs",
        "select tracking_number, order_id, shop_id from parcels where tracking_number",
        "the house is given carriers' numbers and looks for their orders",
    ),
    ("lists/orders.rs", "select state, count(*) from orders group by state", HOUSE),
    (
        "api_keys.rs",
        "select secret_hash, id, person_id, home_id",
        "keys lie by their secret, the list is by owner",
    ),
    (
        "people.rs",
        "select count(*) from memberships where home_id = $1",
        "memberships lie by person, the question is by shop",
    ),
    ("due.rs", "select count(*) from (select id from payments where due_at", DUE),
    ("due.rs", "select count(*) from (select id from orders where due_at", DUE),
    ("due.rs", "select count(*) from (select id from cases where due_at", DUE),
    ("after_sales/reads.rs", "select {case} from cases where state = $1", HOUSE),
    ("due.rs", "select count(*) from (select id from reserve_parts where due_at", DUE),
    ("due.rs", "select count(*) from (select id from cancel_requests where due_at", DUE),
    ("due.rs", "select count(*) from (select id from shortages where due_at", DUE),
    ("due.rs", "select count(*) from (select id from payouts where due_at", DUE),
    ("due.rs", "select count(*) from (select id from jobs where due_at", DUE),
    ("lists/house.rs", "select {order} from orders where state", HOUSE),
    ("lists/house.rs", "select {order} from orders where due_at = then_at", HOUSE),
    ("lists/house.rs", "select count(*) from (select id from orders where state", HOUSE),
    ("lists/house.rs", "select count(*) from (select id from orders where due_at = then_at", HOUSE),
    ("lists/house.rs", "select count(*) from (select id from jobs where state", HOUSE),
    ("lists/house.rs", "select subject, kind, count(*)", "what the clock did, after it was moved"),
    ("lists/books.rs", "select {transfer} from transfers where id >= $1", HOUSE),
    ("lists/payouts.rs", "select {payout} from payouts where id < $1", HOUSE),
    ("lists/payouts.rs", "select {payout} from payouts where due_at is not null", HOUSE),
    ("lists/payouts.rs", "select currency, count(*), cast(sum(amount_minor)", HOUSE),
    (
        "lists/payouts.rs",
        "select shop_id from payouts where id = $1",
        "the bank answers with a payout's number alone",
    ),
    ("statements.rs", "select {statement} from statements where id > $1", CHECK),
    ("statements.rs", "select id from transfers where id > 0", "the first day of the house"),
    (
        "reconciliation.rs",
        "select {line} from provider_lines where id > $1",
        "a report speaks of all shops",
    ),
    (
        "reconciliation.rs",
        "select {transfer} from transfers where id > $1",
        "what a report has to have, of all shops",
    ),
    (
        "reconciliation.rs",
        "select id, shop_id, order_id, currency, amount_minor, created_at from refunds",
        "the sandbox's provider reports on all shops",
    ),
    (
        "reconciliation.rs",
        "select shop_id, id, currency, amount_minor, confirmed_at from refunds",
        "the sandbox's provider reports on all shops",
    ),
    (
        "reconciliation.rs",
        "select shop_id, id, currency, amount_minor, ended_at from payouts",
        "the sandbox's bank reports on all shops",
    ),
    ("reconciliation.rs", "select {difference} from differences where ended_at", HOUSE),
    ("reconciliation.rs", "select {difference} from differences where adjusted_minor", CHECK),
    ("sessions.rs", "select token_hash from sessions where expires_at", "expired sessions go"),
    (
        "sessions.rs",
        "select token_hash, seen_at, expires_at from sessions where expires_at",
        "the sandbox's clock carries all sessions along",
    ),
    ("sessions.rs", "select token_hash from sign_in_links where expires_at", "expired links go"),
    (
        "sessions.rs",
        "select token_hash from sign_in_links where purpose",
        "a new link replaces the older ones",
    ),
    ("sessions.rs", "select name from sign_in_failures where", "old failures are forgiven"),
    (
        "requests.rs",
        "select key, person_id from requests where created_at < $1",
        "answers to old requests go",
    ),
];

/// These write: they clear away what has run out, or end what its owner revokes. None of them moves money or goods.
pub const WRITES: &[Entry] = &[(
    "people.rs",
    "update memberships set role = role where home_id = $1",
    "memberships lie by person; who takes a role away holds all who have it at that shop",
)];
