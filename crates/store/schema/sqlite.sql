create table addresses (
    id integer primary key,
    buyer_id integer not null,
    body text not null,
    is_default integer not null,
    created_at integer not null
) strict;
create index addresses_of_buyer on addresses (buyer_id, id);

create table api_keys (
    secret_hash text not null,
    id integer not null,
    person_id integer not null,
    home_id integer not null,
    scope text not null,
    name text not null,
    prefix text not null,
    revoked_at integer,
    created_at integer not null,
    primary key (secret_hash)
) strict, without rowid;
create index api_keys_of_home on api_keys (home_id, id);
create index api_keys_of_person on api_keys (person_id);

create table balances (
    home_id integer not null,
    account text not null,
    currency text not null,
    debits_posted_minor integer not null,
    debits_pending_minor integer not null,
    credits_posted_minor integer not null,
    credits_pending_minor integer not null,
    created_at integer not null,
    primary key (home_id, account, currency)
) strict, without rowid;

create table bank_accounts (
    id integer primary key,
    shop_id integer not null,
    state text not null,
    holder text not null,
    country text not null,
    scheme text not null,
    bank text not null,
    number text not null,
    usable_at integer not null,
    changed_by integer not null,
    version integer not null,
    created_at integer not null
) strict;
create index bank_accounts_of_shop on bank_accounts (shop_id, id);

create table bank_files (
    id integer primary key,
    home_id integer not null,
    currency text not null,
    made_by integer not null,
    payouts_count integer not null,
    total_minor integer not null,
    created_at integer not null
) strict;

create table basket_lines (
    buyer_id integer not null,
    sku_id integer not null,
    shop_id integer not null,
    quantity integer not null,
    seen_minor integer not null,
    created_at integer not null,
    primary key (buyer_id, sku_id)
) strict, without rowid;

create table buyer_cases (
    id integer primary key,
    buyer_id integer not null,
    shop_id integer not null,
    order_id integer not null,
    created_at integer not null
) strict;
create index buyer_cases_of_buyer on buyer_cases (buyer_id, id);

create table buyer_orders (
    id integer primary key,
    buyer_id integer not null,
    shop_id integer not null,
    payment_id integer not null,
    created_at integer not null
) strict;
create index buyer_orders_of_buyer on buyer_orders (buyer_id, id);

create table cancel_requests (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    buyer_id integer not null,
    reason text not null,
    note text not null,
    state text not null,
    answer text not null,
    answered_by text not null,
    answered_at integer,
    due_at integer,
    claimed_until integer not null,
    version integer not null,
    created_at integer not null
) strict;
create index cancel_requests_due on cancel_requests (due_at) where due_at is not null;
create index cancel_requests_of_order on cancel_requests (shop_id, order_id, id);
create index cancel_requests_of_shop on cancel_requests (shop_id, state, id);

create table carrier_keys (
    id integer primary key,
    carrier text not null,
    prefix text not null,
    made_by text not null,
    ends_at integer,
    used_at integer,
    created_at integer not null
) strict;
create index carrier_keys_of_carrier on carrier_keys (carrier, id);

create table case_decisions (
    id integer primary key,
    shop_id integer not null,
    case_id integer not null,
    instance integer not null,
    arbiter_id integer not null,
    in_favour_of text not null,
    remedy text not null,
    amount_minor integer not null check (amount_minor >= 0),
    liable text not null,
    facts text not null,
    rule text not null,
    redress text not null,
    policy_version integer not null,
    created_at integer not null
) strict;
create index case_decisions_of_case on case_decisions (case_id, id);

create table case_lines (
    id integer primary key,
    shop_id integer not null,
    case_id integer not null,
    order_id integer not null,
    line_id integer not null,
    units_count integer not null check (units_count > 0),
    created_at integer not null
) strict;
create index case_lines_of_case on case_lines (case_id, id);
create index case_lines_of_order on case_lines (order_id, id);

create table case_offers (
    id integer primary key,
    shop_id integer not null,
    case_id integer not null,
    remedy text not null,
    amount_minor integer not null check (amount_minor >= 0),
    words text not null,
    state text not null,
    answered_at integer,
    version integer not null,
    created_at integer not null
) strict;
create index case_offers_of_case on case_offers (case_id, id);

create table cases (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    buyer_id integer not null,
    market text not null,
    policy_version integer not null,
    reason text not null,
    class text not null,
    asked_remedy text not null,
    remedy text not null,
    words text not null,
    state text not null,
    result text not null,
    due_at integer,
    missed_at integer,
    rest_ms integer not null,
    buyer_by_at integer,
    shop_by_at integer,
    currency text not null,
    asked_minor integer not null check (asked_minor >= 0),
    agreed_minor integer not null check (agreed_minor >= 0),
    refunded_minor integer not null check (refunded_minor >= 0),
    cost_minor integer not null,
    liable text not null,
    offers_count integer not null,
    disputes_count integer not null,
    appealed integer not null,
    arbiter_id integer,
    return_carrier text not null,
    return_number text not null,
    replacement_id integer,
    closed_at integer,
    claimed_until integer not null,
    version integer not null,
    created_at integer not null
) strict;
create index cases_due on cases (due_at) where due_at is not null;
create index cases_of_order on cases (shop_id, order_id, id);
create index cases_of_shop on cases (shop_id, state, id);
create index cases_of_state on cases (state, id);

create table daily_figures (
    shop_id integer not null,
    day integer not null,
    dispatched_count integer not null default 0,
    dispatched_late_count integer not null default 0,
    paid_count integer not null default 0,
    fault_cancelled_count integer not null default 0,
    shipped_count integer not null default 0,
    recognised_count integer not null default 0,
    delivered_count integer not null default 0,
    delivered_on_time_count integer not null default 0,
    created_at integer not null, paid_pieces_count integer not null default 0, paid_minor integer not null default 0,
    primary key (shop_id, day)
) strict, without rowid;
create index daily_figures_of_day on daily_figures (day, shop_id);

create table differences (
    id integer primary key,
    home_id integer not null,
    state text not null,
    kind text not null,
    reference_id integer not null,
    currency text not null,
    ours_minor integer not null,
    theirs_minor integer not null,
    adjusted_minor integer not null,
    bearer text not null,
    reason text not null,
    proposed_by integer not null,
    decided_by integer not null,
    ended_at integer,
    version integer not null,
    created_at integer not null
) strict;
create unique index differences_once on differences (reference_id, kind, currency, home_id);
create index differences_open on differences (home_id, id) where ended_at is null;

create table events (
    id integer primary key,
    home_id integer not null,
    subject text not null,
    subject_id integer not null,
    kind text not null,
    actor text not null,
    body text not null,
    relay_pending integer not null,
    created_at integer not null
) strict;
create index events_of_subject on events (subject_id, id);
create index events_pending on events (id) where relay_pending = 1;

create table figure_orders (
    id integer not null,
    shop_id integer not null,
    figure text not null,
    order_id integer not null,
    day integer not null,
    met integer not null,
    created_at integer not null,
    primary key (id, figure, shop_id)
) strict, without rowid;
create index figure_orders_of_day on figure_orders (shop_id, figure, met, day, id);

create table house_settings (
    name text not null,
    value text not null,
    created_at integer not null,
    primary key (name)
) strict, without rowid;

create table jobs (
    id integer primary key,
    home_id integer not null,
    kind text not null,
    subject_id integer not null,
    body text not null,
    state text not null,
    due_at integer,
    claimed_until integer not null,
    attempts integer not null,
    last_error text not null,
    version integer not null,
    created_at integer not null
) strict;
create index jobs_due on jobs (due_at) where due_at is not null;
create index jobs_failed on jobs (id) where state = 'failed';

create table listing_versions (
    id integer primary key,
    shop_id integer not null,
    product_id integer not null,
    number integer not null,
    body text not null,
    created_by integer not null,
    created_at integer not null
) strict;
create unique index listing_versions_by_number on listing_versions (product_id, number, shop_id);

create table login_names (
    name text not null,
    person_id integer not null,
    created_at integer not null,
    primary key (name)
) strict, without rowid;

create table memberships (
    person_id integer not null,
    home_id integer not null,
    role text not null,
    created_at integer not null,
    primary key (person_id, home_id, role)
) strict, without rowid;
create index memberships_of_home on memberships (home_id, person_id);

create table notices (
    id integer primary key,
    person_id integer not null,
    home_id integer not null,
    kind text not null,
    subject text not null,
    subject_id integer not null,
    body text not null,
    read_at integer,
    created_at integer not null
) strict;
create index notices_of_person on notices (person_id, id);

create table order_charges (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    code text not null,
    name_en text not null,
    name_zh text not null,
    basis text not null,
    lines_count integer not null,
    unit_minor integer not null,
    amount_minor integer not null,
    created_at integer not null
) strict;
create index order_charges_of_order on order_charges (order_id, id);

create table order_flags (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    kind text not null,
    facts text not null,
    state text not null,
    resolution text not null,
    why text not null,
    resolved_by text not null,
    resolved_at integer,
    version integer not null,
    created_at integer not null
) strict;
create index order_flags_of_order on order_flags (order_id, id);

create table order_lines (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    product_id integer not null,
    sku_id integer not null,
    listing_version integer not null,
    title_en text not null,
    title_zh text not null,
    options text not null,
    sku_code text not null,
    picture text not null,
    category text not null,
    nature text not null,
    quantity integer not null check (quantity > 0),
    unit_minor integer not null,
    goods_minor integer not null,
    shop_discount_minor integer not null,
    house_discount_minor integer not null,
    shipping_minor integer not null,
    tax_minor integer not null,
    commission_minor integer not null,
    parts text not null,
    batches text not null,
    created_at integer not null
, back_count integer not null default 0, short_count integer not null default 0, back_minor integer not null default 0, back_tax_minor integer not null default 0, back_house_discount_minor integer not null default 0, back_shipping_minor integer not null default 0, back_commission_minor integer not null default 0, back_duty_minor integer not null default 0, instead_of_id integer, instead_of_code text not null default '', hs_code text not null default '', duty_minor integer not null default 0) strict;
create index order_lines_of_order on order_lines (order_id, id);

create table order_messages (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    author text not null,
    actor text not null,
    kind text not null,
    body text not null,
    proposal text not null,
    answer text not null,
    answered_at integer,
    created_at integer not null
) strict;
create index order_messages_of_order on order_messages (order_id, id);

create table order_notes (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    kind text not null,
    author text not null,
    body text not null,
    created_at integer not null
) strict;
create index order_notes_of_order on order_notes (order_id, id);

create table order_promotions (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    promotion_id integer not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    shop_part_minor integer not null,
    house_part_minor integer not null,
    created_at integer not null
) strict;
create index order_promotions_of_order on order_promotions (order_id, id);

create table orders (
    id integer primary key,
    shop_id integer not null,
    buyer_id integer not null,
    payment_id integer not null,
    market text not null,
    currency text not null,
    state text not null,
    flags text not null,
    cancelled_by text not null,
    cancel_reason text not null,
    fault text not null,
    goods_minor integer not null,
    shop_discount_minor integer not null,
    house_discount_minor integer not null,
    shipping_minor integer not null,
    tax_minor integer not null,
    tax_included integer not null,
    total_minor integer not null check (total_minor >= 0),
    commission_minor integer not null,
    carrier text not null,
    service text not null,
    promise_from_at integer not null,
    promise_by_at integer not null,
    address text not null,
    buyer_name text not null,
    policy_version integer not null,
    pieces_count integer not null,
    due_at integer,
    claimed_until integer not null,
    paid_at integer,
    then_at integer,
    ship_by_at integer,
    shipped_at integer,
    delivered_at integer,
    completed_at integer,
    settled_at integer,
    cancelled_at integer,
    version integer not null,
    created_at integer not null
, back_minor integer not null default 0, back_tax_minor integer not null default 0, back_house_discount_minor integer not null default 0, back_shipping_minor integer not null default 0, back_commission_minor integer not null default 0, back_duty_minor integer not null default 0, refund_fee_minor integer not null default 0, deliver_by_at integer, scanned_at integer, mark text not null default '', mark_word text not null default '', duty_minor integer not null default 0, tax_collection text not null default '', borne_minor integer not null default 0, borne_tax_minor integer not null default 0, borne_house_discount_minor integer not null default 0, borne_shipping_minor integer not null default 0, borne_commission_minor integer not null default 0, borne_duty_minor integer not null default 0, cases_count integer not null default 0) strict;
create index orders_due on orders (due_at) where due_at is not null;
create index orders_late on orders (due_at) where due_at = then_at;
create index orders_marked on orders (shop_id, mark, id) where mark <> '';
create index orders_of_shop on orders (shop_id, state, id);
create index orders_of_state on orders (state, id);
create index orders_to_confirm on orders (state, due_at, id) where state = 'awaiting_confirmation';
create index orders_to_do on orders (shop_id, state, id, due_at, ship_by_at) where state = 'awaiting_confirmation' or state = 'awaiting_shipment' or state = 'awaiting_collection';

create table packed_items (
    id integer primary key,
    shop_id integer not null,
    parcel_id integer not null,
    order_id integer not null,
    line_id integer not null,
    sku_id integer not null,
    packed_count integer not null check (packed_count > 0),
    created_at integer not null
) strict;
create index packed_items_of_order on packed_items (order_id, id);
create unique index packed_items_once on packed_items (parcel_id, line_id, sku_id, shop_id);

create table packings (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    box_id integer not null,
    checked text not null,
    packed_by text not null,
    photo_id integer,
    packed_at integer,
    left_at integer,
    created_at integer not null
) strict;
create index packings_of_box on packings (box_id, id);
create index packings_of_order on packings (order_id, id);
create unique index packings_open on packings (order_id, shop_id) where packed_at is null;

create table parcel_events (
    id integer primary key,
    shop_id integer not null,
    parcel_id integer not null,
    carrier_ref text not null,
    kind text not null,
    place text not null,
    happened_at integer not null,
    created_at integer not null
) strict;
create unique index parcel_events_once on parcel_events (parcel_id, carrier_ref, shop_id);

create table parcels (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    state text not null,
    carrier text not null,
    service text not null,
    tracking_number text not null,
    weight_grams integer not null,
    progress_at integer not null,
    version integer not null,
    created_at integer not null
, handed_over_at integer, recognised_at integer, news_at integer not null default 0, tracking_changes integer not null default 0, override_reason text not null default '') strict;
create index parcels_by_tracking on parcels (tracking_number);
create index parcels_of_order on parcels (shop_id, order_id, id);
create index parcels_of_shop on parcels (shop_id, id);

create table payment_attempts (
    id integer primary key,
    buyer_id integer not null,
    payment_id integer not null,
    provider text not null,
    state text not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    captured_minor integer not null,
    provider_ref text not null,
    orders text not null,
    next_step text not null,
    failure text not null,
    pay_by_at integer not null,
    version integer not null,
    created_at integer not null
) strict;
create index payment_attempts_of_payment on payment_attempts (buyer_id, payment_id, id);

create table payments (
    id integer primary key,
    buyer_id integer not null,
    provider text not null,
    method text not null,
    state text not null,
    currency text not null,
    amount_minor integer not null check (amount_minor >= 0),
    orders text not null,
    failure text not null,
    due_at integer,
    claimed_until integer not null,
    captured_at integer,
    version integer not null,
    created_at integer not null
, purpose text not null default '', purpose_shop_id integer not null default 0, purpose_id integer not null default 0, declined_count integer not null default 0) strict;
create index payments_due on payments (due_at) where due_at is not null;
create index payments_of_buyer on payments (buyer_id, id);

create table payouts (
    id integer primary key,
    shop_id integer not null,
    state text not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    bank_account_id integer not null,
    first_id integer not null,
    attempt integer not null,
    reason text not null,
    obstacles text not null,
    bank_file_id integer not null,
    due_at integer,
    claimed_until integer not null,
    sent_at integer,
    ended_at integer,
    version integer not null,
    created_at integer not null
) strict;
create index payouts_due on payouts (due_at) where due_at is not null;
create index payouts_of_shop on payouts (shop_id, id);

create table people (
    id integer primary key,
    name text not null,
    email text not null,
    password_hash text not null,
    language text not null,
    version integer not null,
    created_at integer not null
) strict;

create table picture_sources (
    source text not null,
    shop_id integer not null,
    picture_id integer not null,
    created_at integer not null,
    primary key (source, shop_id)
) strict, without rowid;

create table pictures (
    id integer primary key,
    shop_id integer not null,
    content_type text not null,
    sha256 text not null,
    body blob not null,
    created_at integer not null
) strict;
create unique index pictures_by_hash on pictures (sha256, shop_id);

create table policy_versions (
    number integer primary key,
    effective_from integer not null,
    files text not null,
    note text not null,
    published_by integer not null,
    created_at integer not null
) strict;

create table process_numbers (
    number integer primary key,
    holder text not null,
    leased_until integer not null,
    created_at integer not null
) strict;

create virtual table product_search using fts5 (tokens, market unindexed, shop_id unindexed, created_at unindexed, tokenize = 'unicode61 remove_diacritics 2');

create table products (
    id integer primary key,
    shop_id integer not null,
    market text not null,
    handle text not null,
    category text not null,
    nature text not null,
    title_en text not null,
    title_zh text not null,
    picture text not null,
    price_from_minor integer not null,
    currency text not null,
    state text not null,
    listing_version integer not null,
    sold_count integer not null,
    source_hash text not null,
    version integer not null,
    created_at integer not null
, hs_code text not null default '') strict;
create unique index products_by_handle on products (handle, shop_id);
create index products_of_category on products (market, category, state, id);
create index products_of_market on products (market, state, id);
create index products_of_shop on products (shop_id, id);

create table promotions (
    id integer primary key,
    shop_id integer not null,
    market text not null,
    currency text not null,
    funded_by text not null,
    title_en text not null,
    title_zh text not null,
    percent_bp integer not null,
    minimum_minor integer not null,
    maximum_minor integer not null,
    starts_at integer not null,
    ends_at integer not null,
    created_at integer not null
, house_bp integer not null default 0, answered_at integer, answer text not null default '') strict;
create index promotions_of_shop on promotions (shop_id, id);

create table provider_lines (
    id integer primary key,
    home_id integer not null,
    report_id integer not null,
    source text not null,
    line_ref text not null,
    kind text not null,
    reference_id integer not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    happened_at integer not null,
    created_at integer not null
) strict;
create index provider_lines_of on provider_lines (reference_id, home_id);
create unique index provider_lines_once on provider_lines (line_ref, source, home_id);

create table provider_reports (
    id integer primary key,
    home_id integer not null,
    source text not null,
    from_at integer not null,
    to_at integer not null,
    content_hash text not null,
    lines_count integer not null,
    new_count integer not null,
    taken_by integer not null,
    created_at integer not null
) strict;
create unique index provider_reports_once on provider_reports (source, from_at, home_id);

create table refunds (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    payment_id integer not null,
    state text not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    reason text not null,
    confirmed_at integer,
    version integer not null,
    created_at integer not null
) strict;
create index refunds_of_order on refunds (order_id, id);

create table requests (
    person_id integer not null,
    key text not null,
    body_hash text not null,
    status integer not null,
    answer text not null,
    created_at integer not null,
    primary key (key, person_id)
) strict, without rowid;
create index requests_by_age on requests (created_at);

create table reserve_parts (
    id integer primary key,
    home_id integer not null,
    order_id integer not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    state text not null,
    due_at integer,
    claimed_until integer not null,
    version integer not null,
    created_at integer not null
, taken_minor integer not null default 0) strict;
create index reserve_parts_due on reserve_parts (due_at) where due_at is not null;
create index reserve_parts_kept on reserve_parts (home_id, due_at, id) where due_at is not null;
create index reserve_parts_of_home on reserve_parts (home_id, id);

create table serials (
    id integer primary key,
    shop_id integer not null,
    sku_id integer not null,
    serial text not null,
    parcel_id integer,
    order_id integer,
    line_id integer,
    packed_at integer,
    created_at integer not null
) strict;
create index serials_of_order on serials (order_id, id) where order_id is not null;
create index serials_of_sku on serials (sku_id, id);
create unique index serials_once on serials (serial, shop_id);

create table sessions (
    token_hash text not null,
    person_id integer not null,
    agent text not null,
    seen_at integer not null,
    expires_at integer not null,
    created_at integer not null,
    primary key (token_hash)
) strict, without rowid;
create index sessions_of_person on sessions (person_id);

create table shop_deliveries (
    market text not null,
    shop_id integer not null,
    created_at integer not null,
    primary key (market, shop_id)
) strict, without rowid;
create index shop_deliveries_of_shop on shop_deliveries (shop_id);

create table shops (
    id integer primary key,
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
    version integer not null,
    created_at integer not null
, packing text not null default 'list', next_tier text not null default '', next_tier_at integer) strict;
create index shops_of_market on shops (market, id);

create table shortages (
    id integer primary key,
    shop_id integer not null,
    order_id integer not null,
    line_id integer not null,
    sku_id integer not null,
    missing_count integer not null check (missing_count > 0),
    cause text not null,
    state text not null,
    substitute text not null,
    difference_minor integer not null,
    waived integer not null,
    payment_id integer,
    answered_by text not null,
    answered_at integer,
    due_at integer,
    claimed_until integer not null,
    version integer not null,
    created_at integer not null
) strict;
create index shortages_due on shortages (due_at) where due_at is not null;
create index shortages_of_order on shortages (shop_id, order_id, id);
create index shortages_of_shop on shortages (shop_id, state, id);

create table sign_in_failures (
    name text not null,
    failures integer not null,
    locked_until integer not null,
    created_at integer not null,
    primary key (name)
) strict, without rowid;

create table sign_in_links (
    token_hash text not null,
    person_id integer not null,
    purpose text not null,
    destination text not null,
    expires_at integer not null,
    used_at integer,
    created_at integer not null,
    primary key (token_hash)
) strict, without rowid;

create table skus (
    id integer primary key,
    shop_id integer not null,
    product_id integer not null,
    code text not null,
    options text not null,
    price_minor integer not null,
    compare_at_minor integer,
    weight_grams integer not null,
    barcode text not null,
    picture text not null,
    bundle text not null,
    position integer not null,
    state text not null,
    version integer not null,
    created_at integer not null
, length_mm integer not null default 0, width_mm integer not null default 0, height_mm integer not null default 0) strict;
create index skus_bundles on skus (shop_id, id) where bundle <> '';
create index skus_by_barcode on skus (barcode, shop_id) where barcode <> '';
create unique index skus_by_code on skus (code, shop_id);
create index skus_of_product on skus (product_id, position);

create table statements (
    id integer primary key,
    shop_id integer not null,
    number integer not null,
    currency text not null,
    from_at integer not null,
    to_at integer not null,
    opening text not null,
    closing text not null,
    created_at integer not null
) strict;
create unique index statements_of_shop on statements (shop_id, currency, from_at);

create table stock (
    id integer primary key,
    shop_id integer not null,
    warehouse_id integer not null,
    on_hand integer not null check (on_hand >= 0),
    reserved integer not null check (reserved >= 0),
    created_at integer not null, shelf text not null default '', serials integer not null default 0,
    check (reserved <= on_hand)
) strict;

create table stock_batches (
    id integer primary key,
    shop_id integer not null,
    sku_id integer not null,
    batch_code text not null,
    supplier text not null,
    received_count integer not null,
    remaining_count integer not null check (remaining_count >= 0),
    created_at integer not null
) strict;
create index stock_batches_of_sku on stock_batches (sku_id, id);
create index stock_batches_open on stock_batches (sku_id, id) where remaining_count > 0;

create table transfers (
    id integer primary key,
    home_id integer not null,
    debit_account text not null,
    credit_account text not null,
    currency text not null,
    amount_minor integer not null check (amount_minor > 0),
    code text not null,
    kind text not null,
    of_id integer,
    subject text not null,
    subject_id integer not null,
    step integer not null,
    leg integer not null,
    created_at integer not null,
    check (debit_account <> credit_account)
) strict;
create index transfers_of_home on transfers (home_id, id);
create unique index transfers_once on transfers (subject_id, step, leg, home_id);

create table warehouses (
    id integer primary key,
    shop_id integer not null,
    name text not null,
    address text not null,
    country text not null,
    postcode text not null,
    created_at integer not null
) strict;
create index warehouses_of_shop on warehouses (shop_id, id);
