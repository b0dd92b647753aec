# Texts which the storefront and both consoles share.

house-name = Guildhall
seller-centre = Seller centre
operator-console = Operator’s console
language-en = English
language-zh = 中文
theme-light = Light
theme-dark = Dark
skip-to-content = Skip to content
sign-in = Sign in
sign-out = Sign out

## Places
nav-main = Main
nav-menu = Menu
nav-home = Home
nav-orders = Orders
nav-products = Products
nav-money = Money
nav-settings = Settings
nav-shops = Shops
nav-ledger = Ledger
nav-policy = Policy
nav-system = System
nav-my-orders = My orders
nav-account = Account
nav-basket = Basket
palette-open = Go to…
palette-placeholder = Type a place or an order number
palette-keys = g then a letter jumps · / searches · ? shows this list · Esc closes

## Order states
order-unpaid = Unpaid
order-on-hold = On hold
order-awaiting-confirmation = To confirm
order-awaiting-shipment = To ship
order-partially-shipped = Partly shipped
order-awaiting-collection = Awaiting carrier
order-in-transit = In transit
order-delivered = Delivered
order-completed = Completed
order-settled = Settled
order-cancelled = Cancelled

## Payment states
payment-requested = Awaiting payment
payment-authorised = Authorised
payment-captured = Paid
payment-failed = Failed
payment-partly-refunded = Partly refunded
payment-refunded = Refunded

## Parcel states
parcel-open = Open
parcel-packed = Packed
parcel-label-bought = Label bought
parcel-handed-over = Handed over
parcel-in-transit = In transit
parcel-delivered = Delivered
parcel-lost = Lost
parcel-damaged = Damaged
parcel-returned = Returned

## Moments and lengths of time
moment-day = { $day } { $month } { $year }
moment-with-clock = { $day }, { $clock }
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
time-just-now = just now
time-in-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
time-in-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
time-in-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
time-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
time-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
time-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
length-moment = under 1 min
length-minutes = { $minutes } min
length-hours = { $hours } h { $minutes } min
length-hours-whole = { $hours } h
length-days = { $days } d { $hours } h
length-days-whole = { $days } d
countdown-left = { $length } left
countdown-late = { $length } late
# Days, hours, minutes, less than a minute: the script's words for lengths, parted by bars.
countdown-units = d|h|min|under 1 min

## Lists
list-views = Saved views
list-filter = Filter
list-clear = Clear
list-choose = Tick rows to act on several
list-chosen = { $count } chosen
list-choose-all = Choose all rows
list-choose-row = Choose { $key }
list-pages = Pages
list-first = First page
list-next = Next
list-csv = Export CSV

## Forms
field-optional = optional
form-to-put-right = { $count ->
    [one] One thing to put right
   *[other] { $count } things to put right
}
confirm-money = Money this moves
confirm-no = No, go back
problem-instead = What you can do:

## Things to copy, look up and follow
copied = Copied
copy-this = Copy { $text }
timeline-expected = { $what }, expected
timeline-by-itself = by itself, on the clock

## The due queue
due-overdue = { $count } overdue
due-next = next { $when }
due-nothing = nothing waits

## The storefront
store-search = Search products and shops
store-search-go = Search
store-quantity = Quantity
store-update = Update
store-reply = The shop replied
store-sold-out = Sold out
store-review-count = ({ $count })
store-foot-promise = holds your money until the goods are with you.
