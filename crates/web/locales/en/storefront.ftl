# The storefront: home, search, product, basket, checkout, payment.
## Home
home-title = Shops you can trust
home-markets = Markets
home-deliver-to = Deliver to
home-welcome = Good things from small shops
home-welcome-text = Pay once for several shops. We hold your money until the goods are with you.
home-look-around = Look around
home-categories = Categories
home-popular = Bought most
home-newest = New here
home-see-all = See all
home-shops = Shops
home-nothing-yet = Nothing is on sale in this market yet. Choose another one above.
store-more = Show more
shop-since = Here since { $day }

## Search and lists
search-title = Search
search-title-for = Results for “{ $query }”
search-category = Category
search-all-categories = All categories
search-least = Price from
search-most = Price to
search-nothing = Nothing found
search-nothing-text = Try fewer or other words, in English or Chinese, or take the filters off.
list-nothing-text = Nothing here fits. Take the filters off, or look at what is new.

## Product
product-crumbs = Where this is
product-with-offers = { $price } with the offers which run now
product-tax-included = Tax included
product-tax-added = Sales tax is added at checkout
product-tax-none = No tax is added
product-in-stock = In stock
product-few-left = Only { $count } left
product-sold-out-text = This choice is sold out. Choose another one, or come back later.
product-quantity = Quantity
product-add = Add to basket
product-other-market = This shop delivers in { $market } only.
product-switch-market = Shop there
product-not-sent = Cannot be sent
product-held = Your money is held until it arrives
product-held-text = The shop is paid after you have the goods. Cancel without asking for { $length } after paying.
product-durable = Made to last
product-durable-text = Problems of quality and safety can be reported for longer than with other goods.
product-care-text = Packed and sent with care for this.
care-fragile = Fragile
care-liquid = Liquid
care-battery = Contains a battery
care-oversize = Oversize
promise-day = Arrives { $day }
promise-days = Arrives { $from } – { $by }
shipping-price = { $price } with { $service }
shipping-free = Free shipping with { $service }
shipping-free-from = free from { $least }
shipping-no-price = Free
offer-text = { $percent } off until { $day }.
offer-from = { $percent } off from { $least } on, until { $day }.
product-about = About this
product-no-text = The shop has not described it yet.
product-version = This page is version { $number }. Orders keep the version they were made from.
product-version-link = See it as kept
fact-category = Category
fact-origin = Made in
fact-weight = Weight
fact-hs-code = Tariff number (HS)
listing-frozen = This is version { $number } of the page, as it stood from { $moment }. Prices and stock may be others now.
listing-now = See the page as it is now
listing-choice = Choice
listing-code = Code
listing-price = Price
said-added = In your basket.

## Basket
basket-empty = Your basket is empty
basket-empty-text = What you put in here waits for you, from as many shops as you like.
basket-remove = Remove
basket-gone = One thing in your basket is not sold any more. It will not be ordered.
basket-sold-out = Sold out. It will not be ordered; remove it, or wait.
basket-too-few = Only { $left } left. Take fewer to order it.
basket-take-left = Take the { $left } which are left
basket-price-changed = The price was { $was } when you put it in; now it is { $now }.
basket-bad-stay = What cannot be ordered stays in the basket.
basket-nothing-good = Nothing in the basket can be ordered as it is.
basket-sum = What it costs
basket-sum-of = Delivered in { $market }
basket-checkout = Go to checkout
basket-promise = One payment; each shop sends its own parcel.
sum-goods = Goods
sum-shop-discount = The shop’s discount
sum-house-discount = Guildhall’s discount
sum-shipping = Shipping
sum-shipping-note = With the cheapest services; choose others at checkout
sum-tax-added = Tax
sum-tax-included = Includes { $tax } tax
sum-scheme-included = Includes { $tax } – { $scheme }
duty-per-hs-line = { $count ->
    [one] one tariff line at { $unit }
   *[other] { $count } tariff lines at { $unit } each
}
duty-per-item-line = { $count ->
    [one] one product at { $unit }
   *[other] { $count } products at { $unit } each
}
duty-per-parcel = { $count ->
    [one] once for the parcel
   *[other] { $count } parcels at { $unit } each
}
duty-at-border = This parcel is worth more than is taxed at checkout: import tax and duty are asked for when it arrives.
duty-when-back = Charges at the border come back if the goods never leave.
sum-tax-inside = Tax included
sum-tax-later = Tax is added once we know where to
sum-before-tax = Before tax
sum-total = Total

## Checkout
checkout-title = Checkout
checkout-step = Delivery
checkout-step-pay = Payment
checkout-address = Where to
checkout-choose-address = Choose an address
checkout-other-address = Send to another address
checkout-delivers-to = These shops deliver in { $market }.
checkout-save-address = Keep this address for next time
checkout-service = How it is sent
checkout-sum = Your order
checkout-place = Order and pay { $total }
checkout-update = Update the total
checkout-continue = Continue
checkout-needs-address = Fill in the address; you see the final total before you order.
checkout-nothing-yet = You choose how to pay on the next page.
checkout-faults = Something in the form needs your attention. Nothing was ordered.
address-name = Full name
address-phone = Phone
address-line1 = Street and number
address-line2 = Flat, floor, building
address-city = City
address-region = State or province
address-choose-region = Choose…
address-postcode = Postcode
address-country = Country

## Payment
payment-title = Payment
payment-pay = Pay { $amount }
payment-for = What you pay for
payment-cards = Choose a test card
payment-choose-card = Choose one of the cards.
payment-sandbox = This is a sandbox: no real money moves. Each card shows another behaviour of a payment provider.
payment-pay-now = Pay { $amount } now
payment-consequence = to pay. After that the order is cancelled by itself, nothing is charged, and the goods are free for others.
payment-waiting = Waiting for the payment provider
payment-waiting-text = It has not answered yet. This page looks again every few seconds; you may also close it, nothing gets lost.
payment-look-again = Look again
payment-other-card = Try another card instead
payment-done = Paid. Thank you!
payment-done-text = The shops have been told. Each sends its own parcel, and you can follow every one of them.
payment-over = The time to pay is over
payment-over-text = The orders were cancelled and nothing was charged. Put the goods into the basket again to order them.
payment-late = Your money came too late and is on its way back
payment-late-text = The time to pay was over before the provider told us. The whole amount goes back the way it came.
payment-to-orders = See my orders
payment-shop-on = Shop on
payment-ways = How do you want to pay?
payment-other-way = Pay in another way instead
payment-redirect-text = You pay on the provider’s own page and come back here afterwards.
payment-redirect-go = Go to the payment page
payment-scan-alipay = Open Alipay on your phone and scan this code.
payment-scan-wechat-pay = Open WeChat on your phone and scan this code.
payment-code = Code to pay with
payment-code-text = When you have paid, this page notices by itself. You may also close it, nothing gets lost.
way-stripe = Card or wallet
way-stripe-text = On Stripe’s page; afterwards you come back here.
way-alipay = Alipay
way-alipay-text = Scan a code with the Alipay app.
way-wechat-pay = WeChat Pay
way-wechat-pay-text = Scan a code with WeChat.
declined-insufficient-funds = There is not enough money on the card. Nothing was charged. Take another card.
declined-expired-card = The card has expired. Nothing was charged. Take another card.
declined-incorrect-cvc = The card’s security code is wrong. Nothing was charged. Try again.
card-ok = Card that pays
card-ok-text = The provider says yes at once.
card-declined = Card that is declined
card-declined-text = The provider says no; nothing is charged and you can try again.
card-slow = Slow card
card-slow-text = The answer comes by a notice half a minute later.
card-twice = Card that tells it three times
card-twice-text = Pays at once; the notice comes three times, the last a day later. It counts once.
card-late = Card that pays too late
card-late-text = The money comes after the time to pay is over: it goes straight back.
declined-card-declined = Your bank declined the card. Nothing was charged. Try again, or take another card.
fault-not-a-number = Type a whole number.

## The sandbox
sandbox-clock = Sandbox: no real money. The house’s clock was moved and shows { $moment }.
