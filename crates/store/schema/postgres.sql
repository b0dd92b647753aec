create table addresses (
    id bigint not null,
    buyer_id bigint not null,
    body text not null,
    is_default bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, buyer_id)
);
CREATE INDEX addresses_of_buyer ON addresses USING btree (buyer_id, id);

create table api_keys (
    secret_hash text not null,
    id bigint not null,
    person_id bigint not null,
    home_id bigint not null,
    scope text not null,
    name text not null,
    prefix text not null,
    revoked_at bigint,
    created_at bigint not null,
    PRIMARY KEY (secret_hash)
);
CREATE INDEX api_keys_of_home ON api_keys USING btree (home_id, id);
CREATE INDEX api_keys_of_person ON api_keys USING btree (person_id);

create table balances (
    home_id bigint not null,
    account text not null,
    currency text not null,
    debits_posted_minor bigint not null,
    debits_pending_minor bigint not null,
    credits_posted_minor bigint not null,
    credits_pending_minor bigint not null,
    created_at bigint not null,
    PRIMARY KEY (home_id, account, currency)
);

create table bank_accounts (
    id bigint not null,
    shop_id bigint not null,
    state text not null,
    holder text not null,
    country text not null,
    scheme text not null,
    bank text not null,
    number text not null,
    usable_at bigint not null,
    changed_by bigint not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX bank_accounts_of_shop ON bank_accounts USING btree (shop_id, id);

create table bank_files (
    id bigint not null,
    home_id bigint not null,
    currency text not null,
    made_by bigint not null,
    payouts_count bigint not null,
    total_minor bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id)
);

create table basket_lines (
    buyer_id bigint not null,
    sku_id bigint not null,
    shop_id bigint not null,
    quantity bigint not null,
    seen_minor bigint not null,
    created_at bigint not null,
    PRIMARY KEY (buyer_id, sku_id)
);

create table buyer_cases (
    id bigint not null,
    buyer_id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, buyer_id)
);
CREATE INDEX buyer_cases_of_buyer ON buyer_cases USING btree (buyer_id, id);

create table buyer_orders (
    id bigint not null,
    buyer_id bigint not null,
    shop_id bigint not null,
    payment_id bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, buyer_id)
);
CREATE INDEX buyer_orders_of_buyer ON buyer_orders USING btree (buyer_id, id);

create table cancel_requests (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    buyer_id bigint not null,
    reason text not null,
    note text not null,
    state text not null,
    answer text not null,
    answered_by text not null,
    answered_at bigint,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX cancel_requests_due ON cancel_requests USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX cancel_requests_of_order ON cancel_requests USING btree (shop_id, order_id, id);
CREATE INDEX cancel_requests_of_shop ON cancel_requests USING btree (shop_id, state, id);

create table carrier_keys (
    id bigint not null,
    carrier text not null,
    prefix text not null,
    made_by text not null,
    ends_at bigint,
    used_at bigint,
    created_at bigint not null,
    PRIMARY KEY (id)
);
CREATE INDEX carrier_keys_of_carrier ON carrier_keys USING btree (carrier, id);

create table case_decisions (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    instance bigint not null,
    arbiter_id bigint not null,
    in_favour_of text not null,
    remedy text not null,
    amount_minor bigint not null,
    liable text not null,
    facts text not null,
    rule text not null,
    redress text not null,
    policy_version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((amount_minor >= 0))
);
CREATE INDEX case_decisions_of_case ON case_decisions USING btree (case_id, id);

create table case_lines (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    units_count bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((units_count > 0))
);
CREATE INDEX case_lines_of_case ON case_lines USING btree (case_id, id);
CREATE INDEX case_lines_of_order ON case_lines USING btree (order_id, id);

create table case_offers (
    id bigint not null,
    shop_id bigint not null,
    case_id bigint not null,
    remedy text not null,
    amount_minor bigint not null,
    words text not null,
    state text not null,
    answered_at bigint,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((amount_minor >= 0))
);
CREATE INDEX case_offers_of_case ON case_offers USING btree (case_id, id);

create table cases (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    buyer_id bigint not null,
    market text not null,
    policy_version bigint not null,
    reason text not null,
    class text not null,
    asked_remedy text not null,
    remedy text not null,
    words text not null,
    state text not null,
    result text not null,
    due_at bigint,
    missed_at bigint,
    rest_ms bigint not null,
    buyer_by_at bigint,
    shop_by_at bigint,
    currency text not null,
    asked_minor bigint not null,
    agreed_minor bigint not null,
    refunded_minor bigint not null,
    cost_minor bigint not null,
    liable text not null,
    offers_count bigint not null,
    disputes_count bigint not null,
    appealed bigint not null,
    arbiter_id bigint,
    return_carrier text not null,
    return_number text not null,
    replacement_id bigint,
    closed_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((agreed_minor >= 0)),
    CHECK ((asked_minor >= 0)),
    CHECK ((refunded_minor >= 0))
);
CREATE INDEX cases_due ON cases USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX cases_of_order ON cases USING btree (shop_id, order_id, id);
CREATE INDEX cases_of_shop ON cases USING btree (shop_id, state, id);
CREATE INDEX cases_of_state ON cases USING btree (state, id);

create table daily_figures (
    shop_id bigint not null,
    day bigint not null,
    dispatched_count bigint not null default 0,
    dispatched_late_count bigint not null default 0,
    paid_count bigint not null default 0,
    fault_cancelled_count bigint not null default 0,
    shipped_count bigint not null default 0,
    recognised_count bigint not null default 0,
    delivered_count bigint not null default 0,
    delivered_on_time_count bigint not null default 0,
    created_at bigint not null,
    paid_pieces_count bigint not null default 0,
    paid_minor bigint not null default 0,
    PRIMARY KEY (shop_id, day)
);
CREATE INDEX daily_figures_of_day ON daily_figures USING btree (day, shop_id);

create table differences (
    id bigint not null,
    home_id bigint not null,
    state text not null,
    kind text not null,
    reference_id bigint not null,
    currency text not null,
    ours_minor bigint not null,
    theirs_minor bigint not null,
    adjusted_minor bigint not null,
    bearer text not null,
    reason text not null,
    proposed_by bigint not null,
    decided_by bigint not null,
    ended_at bigint,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id)
);
CREATE UNIQUE INDEX differences_once ON differences USING btree (reference_id, kind, currency, home_id);
CREATE INDEX differences_open ON differences USING btree (home_id, id) WHERE (ended_at IS NULL);

create table events (
    id bigint not null,
    home_id bigint not null,
    subject text not null,
    subject_id bigint not null,
    kind text not null,
    actor text not null,
    body text not null,
    relay_pending bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id)
);
CREATE INDEX events_of_subject ON events USING btree (subject_id, id);
CREATE INDEX events_pending ON events USING btree (id) WHERE (relay_pending = 1);

create table figure_orders (
    id bigint not null,
    shop_id bigint not null,
    figure text not null,
    order_id bigint not null,
    day bigint not null,
    met bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, figure, shop_id)
);
CREATE INDEX figure_orders_of_day ON figure_orders USING btree (shop_id, figure, met, day, id);

create table house_settings (
    name text not null,
    value text not null,
    created_at bigint not null,
    PRIMARY KEY (name)
);

create table jobs (
    id bigint not null,
    home_id bigint not null,
    kind text not null,
    subject_id bigint not null,
    body text not null,
    state text not null,
    due_at bigint,
    claimed_until bigint not null,
    attempts bigint not null,
    last_error text not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id)
);
CREATE INDEX jobs_due ON jobs USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX jobs_failed ON jobs USING btree (id) WHERE (state = 'failed'::text);

create table listing_versions (
    id bigint not null,
    shop_id bigint not null,
    product_id bigint not null,
    number bigint not null,
    body text not null,
    created_by bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE UNIQUE INDEX listing_versions_by_number ON listing_versions USING btree (product_id, number, shop_id);

create table login_names (
    name text not null,
    person_id bigint not null,
    created_at bigint not null,
    PRIMARY KEY (name)
);

create table memberships (
    person_id bigint not null,
    home_id bigint not null,
    role text not null,
    created_at bigint not null,
    PRIMARY KEY (person_id, home_id, role)
);
CREATE INDEX memberships_of_home ON memberships USING btree (home_id, person_id);

create table notices (
    id bigint not null,
    person_id bigint not null,
    home_id bigint not null,
    kind text not null,
    subject text not null,
    subject_id bigint not null,
    body text not null,
    read_at bigint,
    created_at bigint not null,
    PRIMARY KEY (id, person_id)
);
CREATE INDEX notices_of_person ON notices USING btree (person_id, id);

create table order_charges (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    code text not null,
    name_en text not null,
    name_zh text not null,
    basis text not null,
    lines_count bigint not null,
    unit_minor bigint not null,
    amount_minor bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX order_charges_of_order ON order_charges USING btree (order_id, id);

create table order_flags (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    kind text not null,
    facts text not null,
    state text not null,
    resolution text not null,
    why text not null,
    resolved_by text not null,
    resolved_at bigint,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX order_flags_of_order ON order_flags USING btree (order_id, id);

create table order_lines (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    product_id bigint not null,
    sku_id bigint not null,
    listing_version bigint not null,
    title_en text not null,
    title_zh text not null,
    options text not null,
    sku_code text not null,
    picture text not null,
    category text not null,
    nature text not null,
    quantity bigint not null,
    unit_minor bigint not null,
    goods_minor bigint not null,
    shop_discount_minor bigint not null,
    house_discount_minor bigint not null,
    shipping_minor bigint not null,
    tax_minor bigint not null,
    commission_minor bigint not null,
    parts text not null,
    batches text not null,
    created_at bigint not null,
    back_count bigint not null default 0,
    short_count bigint not null default 0,
    back_minor bigint not null default 0,
    back_tax_minor bigint not null default 0,
    back_house_discount_minor bigint not null default 0,
    back_shipping_minor bigint not null default 0,
    back_commission_minor bigint not null default 0,
    back_duty_minor bigint not null default 0,
    instead_of_id bigint,
    instead_of_code text not null default ''::text,
    hs_code text not null default ''::text,
    duty_minor bigint not null default 0,
    PRIMARY KEY (id, shop_id),
    CHECK ((quantity > 0))
);
CREATE INDEX order_lines_of_order ON order_lines USING btree (order_id, id);

create table order_messages (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    author text not null,
    actor text not null,
    kind text not null,
    body text not null,
    proposal text not null,
    answer text not null,
    answered_at bigint,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX order_messages_of_order ON order_messages USING btree (order_id, id);

create table order_notes (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    kind text not null,
    author text not null,
    body text not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX order_notes_of_order ON order_notes USING btree (order_id, id);

create table order_promotions (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    promotion_id bigint not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    shop_part_minor bigint not null,
    house_part_minor bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX order_promotions_of_order ON order_promotions USING btree (order_id, id);

create table orders (
    id bigint not null,
    shop_id bigint not null,
    buyer_id bigint not null,
    payment_id bigint not null,
    market text not null,
    currency text not null,
    state text not null,
    flags text not null,
    cancelled_by text not null,
    cancel_reason text not null,
    fault text not null,
    goods_minor bigint not null,
    shop_discount_minor bigint not null,
    house_discount_minor bigint not null,
    shipping_minor bigint not null,
    tax_minor bigint not null,
    tax_included bigint not null,
    total_minor bigint not null,
    commission_minor bigint not null,
    carrier text not null,
    service text not null,
    promise_from_at bigint not null,
    promise_by_at bigint not null,
    address text not null,
    buyer_name text not null,
    policy_version bigint not null,
    pieces_count bigint not null,
    due_at bigint,
    claimed_until bigint not null,
    paid_at bigint,
    then_at bigint,
    ship_by_at bigint,
    shipped_at bigint,
    delivered_at bigint,
    completed_at bigint,
    settled_at bigint,
    cancelled_at bigint,
    version bigint not null,
    created_at bigint not null,
    back_minor bigint not null default 0,
    back_tax_minor bigint not null default 0,
    back_house_discount_minor bigint not null default 0,
    back_shipping_minor bigint not null default 0,
    back_commission_minor bigint not null default 0,
    back_duty_minor bigint not null default 0,
    refund_fee_minor bigint not null default 0,
    deliver_by_at bigint,
    scanned_at bigint,
    mark text not null default ''::text,
    mark_word text not null default ''::text,
    duty_minor bigint not null default 0,
    tax_collection text not null default ''::text,
    borne_minor bigint not null default 0,
    borne_tax_minor bigint not null default 0,
    borne_house_discount_minor bigint not null default 0,
    borne_shipping_minor bigint not null default 0,
    borne_commission_minor bigint not null default 0,
    borne_duty_minor bigint not null default 0,
    cases_count bigint not null default 0,
    PRIMARY KEY (id, shop_id),
    CHECK ((total_minor >= 0))
);
CREATE INDEX orders_due ON orders USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX orders_late ON orders USING btree (due_at) WHERE (due_at = then_at);
CREATE INDEX orders_marked ON orders USING btree (shop_id, mark, id) WHERE (mark <> ''::text);
CREATE INDEX orders_of_shop ON orders USING btree (shop_id, state, id);
CREATE INDEX orders_of_state ON orders USING btree (state, id);
CREATE INDEX orders_to_confirm ON orders USING btree (state, due_at, id) WHERE (state = 'awaiting_confirmation'::text);
CREATE INDEX orders_to_do ON orders USING btree (shop_id, state, id, due_at, ship_by_at) WHERE ((state = 'awaiting_confirmation'::text) OR (state = 'awaiting_shipment'::text) OR (state = 'awaiting_collection'::text));

create table packed_items (
    id bigint not null,
    shop_id bigint not null,
    parcel_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    sku_id bigint not null,
    packed_count bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((packed_count > 0))
);
CREATE INDEX packed_items_of_order ON packed_items USING btree (order_id, id);
CREATE UNIQUE INDEX packed_items_once ON packed_items USING btree (parcel_id, line_id, sku_id, shop_id);

create table packings (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    box_id bigint not null,
    checked text not null,
    packed_by text not null,
    photo_id bigint,
    packed_at bigint,
    left_at bigint,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX packings_of_box ON packings USING btree (box_id, id);
CREATE INDEX packings_of_order ON packings USING btree (order_id, id);
CREATE UNIQUE INDEX packings_open ON packings USING btree (order_id, shop_id) WHERE (packed_at IS NULL);

create table parcel_events (
    id bigint not null,
    shop_id bigint not null,
    parcel_id bigint not null,
    carrier_ref text not null,
    kind text not null,
    place text not null,
    happened_at bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE UNIQUE INDEX parcel_events_once ON parcel_events USING btree (parcel_id, carrier_ref, shop_id);

create table parcels (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    state text not null,
    carrier text not null,
    service text not null,
    tracking_number text not null,
    weight_grams bigint not null,
    progress_at bigint not null,
    version bigint not null,
    created_at bigint not null,
    handed_over_at bigint,
    recognised_at bigint,
    news_at bigint not null default 0,
    tracking_changes bigint not null default 0,
    override_reason text not null default ''::text,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX parcels_by_tracking ON parcels USING btree (tracking_number);
CREATE INDEX parcels_of_order ON parcels USING btree (shop_id, order_id, id);
CREATE INDEX parcels_of_shop ON parcels USING btree (shop_id, id);

create table payment_attempts (
    id bigint not null,
    buyer_id bigint not null,
    payment_id bigint not null,
    provider text not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null,
    captured_minor bigint not null,
    provider_ref text not null,
    orders text not null,
    next_step text not null,
    failure text not null,
    pay_by_at bigint not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, buyer_id),
    CHECK ((amount_minor > 0))
);
CREATE INDEX payment_attempts_of_payment ON payment_attempts USING btree (buyer_id, payment_id, id);

create table payments (
    id bigint not null,
    buyer_id bigint not null,
    provider text not null,
    method text not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null,
    orders text not null,
    failure text not null,
    due_at bigint,
    claimed_until bigint not null,
    captured_at bigint,
    version bigint not null,
    created_at bigint not null,
    purpose text not null default ''::text,
    purpose_shop_id bigint not null default 0,
    purpose_id bigint not null default 0,
    declined_count bigint not null default 0,
    PRIMARY KEY (id, buyer_id),
    CHECK ((amount_minor >= 0))
);
CREATE INDEX payments_due ON payments USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX payments_of_buyer ON payments USING btree (buyer_id, id);

create table payouts (
    id bigint not null,
    shop_id bigint not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null,
    bank_account_id bigint not null,
    first_id bigint not null,
    attempt bigint not null,
    reason text not null,
    obstacles text not null,
    bank_file_id bigint not null,
    due_at bigint,
    claimed_until bigint not null,
    sent_at bigint,
    ended_at bigint,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((amount_minor > 0))
);
CREATE INDEX payouts_due ON payouts USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX payouts_of_shop ON payouts USING btree (shop_id, id);

create table people (
    id bigint not null,
    name text not null,
    email text not null,
    password_hash text not null,
    language text not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id)
);

create table picture_sources (
    source text not null,
    shop_id bigint not null,
    picture_id bigint not null,
    created_at bigint not null,
    PRIMARY KEY (source, shop_id)
);

create table pictures (
    id bigint not null,
    shop_id bigint not null,
    content_type text not null,
    sha256 text not null,
    body bytea not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE UNIQUE INDEX pictures_by_hash ON pictures USING btree (sha256, shop_id);

create table policy_versions (
    number bigint not null,
    effective_from bigint not null,
    files text not null,
    note text not null,
    published_by bigint not null,
    created_at bigint not null,
    PRIMARY KEY (number)
);

create table process_numbers (
    number bigint not null,
    holder text not null,
    leased_until bigint not null,
    created_at bigint not null,
    PRIMARY KEY (number)
);

create table product_search (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    tokens tsvector not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX product_search_tokens ON product_search USING gin (tokens);

create table products (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    handle text not null,
    category text not null,
    nature text not null,
    title_en text not null,
    title_zh text not null,
    picture text not null,
    price_from_minor bigint not null,
    currency text not null,
    state text not null,
    listing_version bigint not null,
    sold_count bigint not null,
    source_hash text not null,
    version bigint not null,
    created_at bigint not null,
    hs_code text not null default ''::text,
    PRIMARY KEY (id, shop_id)
);
CREATE UNIQUE INDEX products_by_handle ON products USING btree (handle, shop_id);
CREATE INDEX products_of_category ON products USING btree (market, category, state, id);
CREATE INDEX products_of_market ON products USING btree (market, state, id);
CREATE INDEX products_of_shop ON products USING btree (shop_id, id);

create table promotions (
    id bigint not null,
    shop_id bigint not null,
    market text not null,
    currency text not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    percent_bp bigint not null,
    minimum_minor bigint not null,
    maximum_minor bigint not null,
    starts_at bigint not null,
    ends_at bigint not null,
    created_at bigint not null,
    house_bp bigint not null default 0,
    answered_at bigint,
    answer text not null default ''::text,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX promotions_of_shop ON promotions USING btree (shop_id, id);

create table provider_lines (
    id bigint not null,
    home_id bigint not null,
    report_id bigint not null,
    source text not null,
    line_ref text not null,
    kind text not null,
    reference_id bigint not null,
    currency text not null,
    amount_minor bigint not null,
    happened_at bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id),
    CHECK ((amount_minor > 0))
);
CREATE INDEX provider_lines_of ON provider_lines USING btree (reference_id, home_id);
CREATE UNIQUE INDEX provider_lines_once ON provider_lines USING btree (line_ref, source, home_id);

create table provider_reports (
    id bigint not null,
    home_id bigint not null,
    source text not null,
    from_at bigint not null,
    to_at bigint not null,
    content_hash text not null,
    lines_count bigint not null,
    new_count bigint not null,
    taken_by bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id)
);
CREATE UNIQUE INDEX provider_reports_once ON provider_reports USING btree (source, from_at, home_id);

create table refunds (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    payment_id bigint not null,
    state text not null,
    currency text not null,
    amount_minor bigint not null,
    reason text not null,
    confirmed_at bigint,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((amount_minor > 0))
);
CREATE INDEX refunds_of_order ON refunds USING btree (order_id, id);

create table requests (
    person_id bigint not null,
    key text not null,
    body_hash text not null,
    status bigint not null,
    answer text not null,
    created_at bigint not null,
    PRIMARY KEY (key, person_id)
);
CREATE INDEX requests_by_age ON requests USING btree (created_at);

create table reserve_parts (
    id bigint not null,
    home_id bigint not null,
    order_id bigint not null,
    currency text not null,
    amount_minor bigint not null,
    state text not null,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    taken_minor bigint not null default 0,
    PRIMARY KEY (id, home_id),
    CHECK ((amount_minor > 0))
);
CREATE INDEX reserve_parts_due ON reserve_parts USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX reserve_parts_kept ON reserve_parts USING btree (home_id, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX reserve_parts_of_home ON reserve_parts USING btree (home_id, id);

create table serials (
    id bigint not null,
    shop_id bigint not null,
    sku_id bigint not null,
    serial text not null,
    parcel_id bigint,
    order_id bigint,
    line_id bigint,
    packed_at bigint,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX serials_of_order ON serials USING btree (order_id, id) WHERE (order_id IS NOT NULL);
CREATE INDEX serials_of_sku ON serials USING btree (sku_id, id);
CREATE UNIQUE INDEX serials_once ON serials USING btree (serial, shop_id);

create table sessions (
    token_hash text not null,
    person_id bigint not null,
    agent text not null,
    seen_at bigint not null,
    expires_at bigint not null,
    created_at bigint not null,
    PRIMARY KEY (token_hash)
);
CREATE INDEX sessions_of_person ON sessions USING btree (person_id);

create table shop_deliveries (
    market text not null,
    shop_id bigint not null,
    created_at bigint not null,
    PRIMARY KEY (market, shop_id)
);
CREATE INDEX shop_deliveries_of_shop ON shop_deliveries USING btree (shop_id);

create table shops (
    id bigint not null,
    name text not null,
    market text not null,
    currency text not null,
    category text not null,
    zone text not null,
    about_en text not null,
    about_zh text not null,
    logo text not null,
    tier text not null,
    state text not null,
    version bigint not null,
    created_at bigint not null,
    packing text not null default 'list'::text,
    next_tier text not null default ''::text,
    next_tier_at bigint,
    PRIMARY KEY (id)
);
CREATE INDEX shops_of_market ON shops USING btree (market, id);

create table shortages (
    id bigint not null,
    shop_id bigint not null,
    order_id bigint not null,
    line_id bigint not null,
    sku_id bigint not null,
    missing_count bigint not null,
    cause text not null,
    state text not null,
    substitute text not null,
    difference_minor bigint not null,
    waived bigint not null,
    payment_id bigint,
    answered_by text not null,
    answered_at bigint,
    due_at bigint,
    claimed_until bigint not null,
    version bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((missing_count > 0))
);
CREATE INDEX shortages_due ON shortages USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX shortages_of_order ON shortages USING btree (shop_id, order_id, id);
CREATE INDEX shortages_of_shop ON shortages USING btree (shop_id, state, id);

create table sign_in_failures (
    name text not null,
    failures bigint not null,
    locked_until bigint not null,
    created_at bigint not null,
    PRIMARY KEY (name)
);

create table sign_in_links (
    token_hash text not null,
    person_id bigint not null,
    purpose text not null,
    destination text not null,
    expires_at bigint not null,
    used_at bigint,
    created_at bigint not null,
    PRIMARY KEY (token_hash)
);

create table skus (
    id bigint not null,
    shop_id bigint not null,
    product_id bigint not null,
    code text not null,
    options text not null,
    price_minor bigint not null,
    compare_at_minor bigint,
    weight_grams bigint not null,
    barcode text not null,
    picture text not null,
    bundle text not null,
    position bigint not null,
    state text not null,
    version bigint not null,
    created_at bigint not null,
    length_mm bigint not null default 0,
    width_mm bigint not null default 0,
    height_mm bigint not null default 0,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX skus_bundles ON skus USING btree (shop_id, id) WHERE (bundle <> ''::text);
CREATE INDEX skus_by_barcode ON skus USING btree (barcode, shop_id) WHERE (barcode <> ''::text);
CREATE UNIQUE INDEX skus_by_code ON skus USING btree (code, shop_id);
CREATE INDEX skus_of_product ON skus USING btree (product_id, "position");

create table statements (
    id bigint not null,
    shop_id bigint not null,
    number bigint not null,
    currency text not null,
    from_at bigint not null,
    to_at bigint not null,
    opening text not null,
    closing text not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE UNIQUE INDEX statements_of_shop ON statements USING btree (shop_id, currency, from_at);

create table stock (
    id bigint not null,
    shop_id bigint not null,
    warehouse_id bigint not null,
    on_hand bigint not null,
    reserved bigint not null,
    created_at bigint not null,
    shelf text not null default ''::text,
    serials bigint not null default 0,
    PRIMARY KEY (id, shop_id),
    CHECK ((reserved <= on_hand)),
    CHECK ((on_hand >= 0)),
    CHECK ((reserved >= 0))
);

create table stock_batches (
    id bigint not null,
    shop_id bigint not null,
    sku_id bigint not null,
    batch_code text not null,
    supplier text not null,
    received_count bigint not null,
    remaining_count bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id),
    CHECK ((remaining_count >= 0))
);
CREATE INDEX stock_batches_of_sku ON stock_batches USING btree (sku_id, id);
CREATE INDEX stock_batches_open ON stock_batches USING btree (sku_id, id) WHERE (remaining_count > 0);

create table transfers (
    id bigint not null,
    home_id bigint not null,
    debit_account text not null,
    credit_account text not null,
    currency text not null,
    amount_minor bigint not null,
    code text not null,
    kind text not null,
    of_id bigint,
    subject text not null,
    subject_id bigint not null,
    step bigint not null,
    leg bigint not null,
    created_at bigint not null,
    PRIMARY KEY (id, home_id),
    CHECK ((amount_minor > 0)),
    CHECK ((debit_account <> credit_account))
);
CREATE INDEX transfers_of_home ON transfers USING btree (home_id, id);
CREATE UNIQUE INDEX transfers_once ON transfers USING btree (subject_id, step, leg, home_id);

create table warehouses (
    id bigint not null,
    shop_id bigint not null,
    name text not null,
    address text not null,
    country text not null,
    postcode text not null,
    created_at bigint not null,
    PRIMARY KEY (id, shop_id)
);
CREATE INDEX warehouses_of_shop ON warehouses USING btree (shop_id, id);
