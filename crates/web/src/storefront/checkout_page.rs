//! How checkout looks: address, then each shop's goods with its services, and the itemised sum at the side.

use actions::checkout::ShopQuote;
use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::checkout::border::TaxCollection;
use rules::money::Money;
use rules::policy::{AddressPart, MarketPolicy};

use crate::goods_words;
use crate::storefront::checkout::Asked;
use crate::storefront::shopper::Shopper;
use crate::storefront::typed::{fault_of, field};
use crate::storefront::{cards, home, pictures, product_page};
use crate::ui::border;
use crate::ui::detail::section;
use crate::ui::forms::{
    CardChoice, Field, Input, Look, card_choices, csrf_field, form_errors, link_button,
};
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::MoneyLine;
use crate::ui::shop_window::{BoughtLine, bought_lines, shop_line, steps, sum_box};
use crate::words::{Language, Msg, Words};

pub(super) fn draw(shopper: &Shopper, asked: &Asked) -> Markup {
    let r = &shopper.reader;
    let names =
        [Msg::NavBasket, Msg::CheckoutStep, Msg::CheckoutStepPay].map(|name| shopper.t(name));
    let fields =
        if asked.addresses.is_empty() { address_fields(shopper, asked) } else { Vec::new() };
    html! {
        (steps(&names, 1))
        h1.unseen { (r.t(Msg::CheckoutTitle)) }
        (form_errors(r.words, &fields))
        form.basket method="post" action="/checkout" {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="key" value=(shopper.new_key());
            input type="hidden" name="market" value=(asked.market.code);
            @if let Some(total) = asked.total { input type="hidden" name="expected" value=(total.amount()); }
            div.basket-main {
                (section(&r.t(Msg::CheckoutAddress), address(shopper, asked, &fields)))
                @for quote in &asked.quotes { (shop_part(shopper, asked, quote)) }
            }
            (sum(shopper, asked))
        }
    }
}

fn address(shopper: &Shopper, asked: &Asked, fields: &[Field]) -> Markup {
    let r = &shopper.reader;
    let add = format!("/account/addresses?next=/checkout%3Fmarket%3D{}", asked.market.code);
    html! {
        @if asked.addresses.is_empty() {
            div.form {
                p.muted { (r.with(Msg::CheckoutDeliversTo, &[("market", home::market_name(r.words.language(), &asked.market).into())])) }
                @for field in fields { (field.draw(r.words)) }
                (Field::new("save", r.t(Msg::CheckoutSaveAddress)).takes(Input::Tick).with_value(asked.typed.get("save")).draw(r.words))
            }
        } @else {
            (card_choices(&r.t(Msg::CheckoutChooseAddress), "address", asked.typed.get("address"), &address_choices(r.words, asked)))
            (link_button(Look::Quiet, &add, &r.t(Msg::CheckoutOtherAddress)))
        }
    }
}

fn address_choices(words: Words, asked: &Asked) -> Vec<CardChoice> {
    let choice = |one: &actions::people::BuyerAddress| CardChoice {
        value: one.id.to_string(),
        title: one.address.name.clone(),
        note: address_lines(words, &one.address).join(", "),
        ..CardChoice::default()
    };
    asked.addresses.iter().map(choice).collect()
}

/// An address as it stands on a label, without the name.
pub(crate) fn address_lines(words: Words, address: &Address) -> Vec<String> {
    let place = [&address.city, &address.region, &address.postcode];
    let place: Vec<&str> =
        place.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let lines = [
        address.line1.clone(),
        address.line2.clone(),
        place.join(" "),
        goods_words::country(words, &address.country.to_string()).to_owned(),
        address.phone.clone(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn address_fields(shopper: &Shopper, asked: &Asked) -> Vec<Field> {
    fields_of_address(shopper, &asked.market, "address.", |name, label| {
        field(&shopper.reader, name, label, &asked.typed, &asked.faults)
    })
}

/// The fields which an address of a market has, in the order of its label.
pub(crate) fn fields_of_address(
    shopper: &Shopper,
    market: &MarketPolicy,
    prefix: &str,
    field: impl Fn(&str, Msg) -> Field,
) -> Vec<Field> {
    let parts = [
        ("name", Msg::AddressName, "name", None),
        ("phone", Msg::AddressPhone, "tel", Some(AddressPart::Phone)),
        ("line1", Msg::AddressLine1, "address-line1", None),
        ("line2", Msg::AddressLine2, "address-line2", Some(AddressPart::Line2)),
        ("city", Msg::AddressCity, "address-level2", Some(AddressPart::City)),
        ("region", Msg::AddressRegion, "address-level1", Some(AddressPart::Region)),
        ("postcode", Msg::AddressPostcode, "postal-code", Some(AddressPart::Postcode)),
    ];
    let mut fields = Vec::with_capacity(parts.len());
    for (name, label, autocomplete, part) in parts {
        let needed = part.is_none_or(|part| market.required_parts.contains(&part));
        let mut one = field(&format!("{prefix}{name}"), label).autocomplete(autocomplete);
        one.required = needed;
        if name == "phone" {
            one.input = Input::Phone;
        }
        if name == "region" {
            if !market.region_tax_bp.is_empty() {
                let none = (String::new(), shopper.t(Msg::AddressChooseRegion));
                let codes = market.region_tax_bp.keys().map(|code| (code.clone(), code.clone()));
                one.input = Input::Choice(std::iter::once(none).chain(codes).collect());
            } else if !needed {
                continue;
            }
        }
        fields.push(one);
    }
    fields
}

fn shop_part(shopper: &Shopper, asked: &Asked, quote: &ShopQuote) -> Markup {
    let r = &shopper.reader;
    let name = format!("service.{}", quote.shop.id);
    let chosen = match asked.typed.get(&name) {
        "" => quote.offer.service.as_str(),
        typed => typed,
    };
    html! {
        section.panel {
            div.panel-head { (shop_line(&format!("/shops/{}", quote.shop.id), &pictures::logo(&quote.shop), &quote.shop.name, &product_page::promise(shopper, quote))) }
            (bought_lines(r, &lines(shopper, quote)))
            (border::at_border_note(r, &quote.price.tax_collection))
            (card_choices(&r.t(Msg::CheckoutService), &name, chosen, &services(shopper, quote)))
            @if let Some(error) = fault_of(r, &asked.faults, &name) { p.error { (icon(Icon::Warning)) (error) } }
        }
    }
}

pub(super) fn lines(shopper: &Shopper, quote: &ShopQuote) -> Vec<BoughtLine> {
    let r = &shopper.reader;
    let line = |line: &actions::checkout::QuotedLine| {
        let sku = &line.sku;
        let options = sku.options.iter().map(|option| option.value.as_str());
        BoughtLine {
            picture: pictures::address(quote.shop.id, sku.product, &sku.picture),
            title: cards::title(r, &sku.title_en, &sku.title_zh).to_owned(),
            href: format!("{}?sku={}", cards::product_path(quote.shop.id, sku.product), sku.sku),
            options: goods_words::values(r.words, options),
            quantity: line.quantity,
            sum: Money::new(sku.price_minor.saturating_mul(line.quantity), quote.price.currency),
            note: None,
            acts: None,
        }
    };
    quote.lines.iter().map(line).collect()
}

fn services(shopper: &Shopper, quote: &ShopQuote) -> Vec<CardChoice> {
    let r = &shopper.reader;
    let choice = |offer: &rules::shipping::rates::Offer| {
        let price = match offer.price_minor {
            0 => shopper.t(Msg::ShippingNoPrice),
            minor => r.money(Money::new(minor, quote.price.currency)),
        };
        CardChoice {
            value: offer.service.clone(),
            title: product_page::service_name(shopper, &quote.shop.market, &offer.service),
            note: product_page::days(r, offer.promise_from, offer.promise_by),
            aside: price,
            barred: String::new(),
        }
    };
    quote.ranking.offers.iter().map(choice).collect()
}

fn sum(shopper: &Shopper, asked: &Asked) -> Markup {
    let r = &shopper.reader;
    let below = html! {
        @if let Some(total) = asked.total {
            button.button.primary.large type="submit" name="act" value="place" {
                (r.with(Msg::CheckoutPlace, &[("total", r.money(total).into())]))
            }
            button class=(Look::Quiet.class()) type="submit" name="act" value="update" { (r.t(Msg::CheckoutUpdate)) }
            p.muted { (icon(Icon::Lock)) " " (r.t(Msg::CheckoutNothingYet)) }
        } @else {
            button.button.primary.large type="submit" name="act" value="update" { (r.t(Msg::CheckoutContinue)) }
            p.muted { (r.t(Msg::CheckoutNeedsAddress)) }
        }
    };
    sum_box(r, &r.t(Msg::CheckoutSum), &sum_lines(shopper, &asked.quotes, asked.total), below)
}

/// Itemised: goods, what the shop and the house take off, shipping shop by shop, tax, and what is paid.
fn sum_lines(shopper: &Shopper, quotes: &[ShopQuote], total: Option<Money>) -> Vec<MoneyLine> {
    let r = &shopper.reader;
    let Some(currency) = quotes.first().map(|quote| quote.price.currency) else {
        return Vec::new();
    };
    let sum = |part: fn(&ShopQuote) -> i64| {
        Money::new(quotes.iter().map(part).fold(0, i64::saturating_add), currency)
    };
    let mut lines = vec![MoneyLine::part(r.t(Msg::SumGoods), sum(|quote| quote.price.goods_minor))];
    for (label, amount) in [
        (Msg::SumShopDiscount, sum(|quote| -quote.price.shop_discount_minor)),
        (Msg::SumHouseDiscount, sum(|quote| -quote.price.house_discount_minor)),
    ] {
        if amount.minor != 0 {
            lines.push(MoneyLine::part(r.t(label), amount));
        }
    }
    for quote in quotes {
        let service = product_page::service_name(shopper, &quote.shop.market, &quote.offer.service);
        let note = format!("{} · {service}", quote.shop.name);
        let amount = Money::new(quote.price.shipping_minor, currency);
        lines.push(MoneyLine::part(r.t(Msg::SumShipping), amount).with_note(note));
    }
    let tax = sum(|quote| quote.price.tax_minor);
    let included = quotes.iter().all(|quote| quote.price.tax_included);
    let duty = border::together(quotes.iter().flat_map(|quote| &quote.price.duty));
    lines.extend(border::duty_lines(r, &duty, currency));
    let collection = &quotes[0].price.tax_collection;
    if !included && total.is_some() && tax.minor > 0 {
        lines.push(MoneyLine::part(border::tax_name(r, &shopper.policies, collection), tax));
    }
    let before = Money::new(
        sum(|quote| quote.price.total_minor).minor
            - sum(|quote| if quote.price.tax_included { 0 } else { quote.price.tax_minor }).minor,
        currency,
    );
    let last = match total {
        Some(total) => MoneyLine::total(r.t(Msg::SumTotal), total),
        None if included => MoneyLine::total(r.t(Msg::SumTotal), before),
        None => MoneyLine::total(r.t(Msg::SumBeforeTax), before).with_note(r.t(Msg::SumTaxLater)),
    };
    lines.push(if included && tax.minor > 0 {
        last.with_note(tax_inside(shopper, collection, tax))
    } else {
        last
    });
    lines
}

/// "Includes €12.60 tax", under the scheme's name where an import is taxed.
pub(crate) fn tax_inside(shopper: &Shopper, collection: &TaxCollection, tax: Money) -> String {
    let r = &shopper.reader;
    match collection {
        TaxCollection::Import(_) => {
            let name = border::tax_name(r, &shopper.policies, collection);
            r.with(Msg::SumSchemeIncluded, &[("tax", r.money(tax).into()), ("scheme", name.into())])
        }
        TaxCollection::Domestic | TaxCollection::AtBorder => {
            r.with(Msg::SumTaxIncluded, &[("tax", r.money(tax).into())])
        }
    }
}

/// The market's name for a head or a sentence.
pub(crate) fn name_of_market(language: Language, market: &MarketPolicy) -> String {
    home::market_name(language, market).to_owned()
}
