//! Sample pages of the seller centre.

use maud::{Markup, html};
use rules::money::Money;

use super::{after, drawn, head, pounds, said};
use crate::format::Reader;
use crate::illustrations::{Colour, Kind};
use crate::ui::badges::{Tone, badge, order_badge, payment_badge};
use crate::ui::charts::{Bar, bars, sparkline};
use crate::ui::copy::{copyable, definition};
use crate::ui::countdown::{countdown, deadline};
use crate::ui::detail::{DetailHead, detail_page, facts, figure, figures, section};
use crate::ui::due::{DueItem, DueTile, due_list, due_tiles};
use crate::ui::flash::{Confirm, Flash, confirm};
use crate::ui::flow::{FlowStep, money_flow};
use crate::ui::forms::{Field, Input, Look, act, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::layout::{PageHead, seller_page};
use crate::ui::list::{
    Bulk, Column, Empty, Filter, ListPage, Row, Sorted, Tab, list_page, page_title,
};
use crate::ui::money_table::{MoneyLine, amount, money_table};
use crate::ui::nav::Place;
use crate::ui::shop_window::{BoughtLine, bought_lines};
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::words::Msg;

pub(super) fn home(r: &Reader) -> Markup {
    let tile = |icon, label: Msg, count, overdue, soonest: Option<i64>| DueTile {
        icon,
        label: said(r, label),
        href: "/seller/orders".to_owned(),
        count,
        overdue,
        soonest: soonest.map(|hours| after(r, hours)),
    };
    let tiles = [
        tile(Icon::Box, Msg::SampleToShip, 12, 1, Some(-3)),
        tile(Icon::Flag, Msg::SampleToConfirm, 6, 0, Some(9)),
        tile(Icon::Truck, Msg::SampleToHandOver, 4, 0, Some(30)),
        tile(Icon::Chat, Msg::SampleToAnswer, 0, 0, None),
    ];
    let item = |icon, what: Msg, hours, consequence: Msg| DueItem {
        icon,
        what: said(r, what),
        href: "/seller/orders/1".to_owned(),
        about: said(r, Msg::SampleDueAbout),
        due: after(r, hours),
        consequence: said(r, consequence),
    };
    let items = [
        item(Icon::Box, Msg::SampleDueShip, -3, Msg::SampleLateConsequence),
        item(Icon::Flag, Msg::SampleDueConfirm, 9, Msg::SampleConfirmConsequence),
        item(Icon::Box, Msg::SampleDueShip, 44, Msg::SampleLateConsequence),
    ];
    seller_page(
        &head(r, Msg::NavHome, Place::SellerHome),
        html! {
            (page_title(&r.t(Msg::SampleDueTitle), &r.t(Msg::SampleDueLead), &[]))
            (due_tiles(r, &tiles))
            (due_list(r, &items))
            (today(r))
        },
    )
}

fn today(r: &Reader) -> Markup {
    let sales: Vec<Bar> = [12, 18, 9, 22, 26, 31, 24, 18, 28, 35, 30, 41, 38, 22]
        .into_iter()
        .zip(9..)
        .map(|(value, day): (i64, i64)| Bar {
            label: day.to_string(),
            value,
            said: r.money(pounds(value * 100)),
            now: day == 22,
        })
        .collect();
    let trend = sparkline(&r.t(Msg::SampleTrend), &[12, 18, 9, 22, 26, 31, 41]);
    let beside = html! { (trend) span { (r.t(Msg::SampleYesterday)) } };
    html! {
        section.stack.apart {
            h2 { (r.t(Msg::SampleToday)) }
            (figures(&[
                figure(definition(&r.t(Msg::SampleGmv), &r.t(Msg::SampleGmvMeaning)), &r.money(pounds(123_450)), beside),
                figure(html! { (r.t(Msg::NavOrders)) }, "38", html! { (r.t(Msg::SampleYesterday)) }),
                figure(html! { (r.t(Msg::SampleOnTime)) }, &r.share(9_720), html! { (r.t(Msg::SampleYesterday)) }),
            ]))
            (section(&r.t(Msg::SampleSales), bars(&r.t(Msg::SampleSalesMeaning), &sales)))
        }
    }
}

pub(super) fn orders(r: &Reader) -> Markup {
    let tab = |label: Msg, count, current| Tab {
        label: said(r, label),
        href: "/seller/orders?view=to-ship".to_owned(),
        count,
        current,
    };
    let states = [
        ("awaiting_shipment", Some(-3)),
        ("awaiting_shipment", Some(7)),
        ("awaiting_confirmation", Some(20)),
        ("partially_shipped", Some(31)),
        ("in_transit", Some(80)),
        ("delivered", Some(190)),
        ("cancelled", None),
    ];
    let list = ListPage {
        title: said(r, Msg::NavOrders),
        acts: vec![link_button_with(
            Look::Primary,
            "/seller/slips",
            Icon::Printer,
            &r.t(Msg::SamplePrintSlips),
        )],
        tabs: vec![
            tab(Msg::OrderAwaitingConfirmation, Some(6), false),
            tab(Msg::OrderAwaitingShipment, Some(12), true),
            tab(Msg::OrderInTransit, Some(86), false),
            tab(Msg::OrderDelivered, Some(1_400), false),
            tab(Msg::OrderCancelled, None, false),
        ],
        filter: Some(filter(r)),
        columns: vec![
            Column::new(r.t(Msg::SampleOrder)).leading(),
            Column::new(r.t(Msg::SampleGoods)),
            Column::new(r.t(Msg::SampleState)),
            Column::new(r.t(Msg::SampleDueBy)).sorted("?sort=due", Sorted::Up),
            Column::new(r.t(Msg::SampleTotal)).numeric().sorted("?sort=total", Sorted::Not),
        ],
        rows: states
            .iter()
            .zip(0..)
            .map(|((state, hours), place)| order_row(r, place, state, *hours))
            .collect(),
        bulk: Some(Bulk {
            csrf: "sample".to_owned(),
            acts: vec![
                ("/seller/orders/confirmations".to_owned(), said(r, Msg::SampleConfirm)),
                ("/seller/orders/shipments".to_owned(), said(r, Msg::SampleShip)),
            ],
            hidden: Vec::new(),
        }),
        next: Some("?after=7341".to_owned()),
        csv: Some("/seller/orders.csv".to_owned()),
        ..ListPage::default()
    };
    let head = PageHead {
        flash: Some(Flash::good(r.t(Msg::SampleDone))),
        ..head(r, Msg::NavOrders, Place::SellerOrders)
    };
    seller_page(&head, list_page(r.words, &list))
}

fn filter(r: &Reader) -> Filter {
    let carriers = vec![
        (String::new(), said(r, Msg::SampleCarrier)),
        ("royal".to_owned(), "Royal Mail".to_owned()),
    ];
    Filter {
        action: "/seller/orders".to_owned(),
        keep: vec![("view".to_owned(), "to-ship".to_owned())],
        fields: vec![
            Field::new("q", r.t(Msg::SampleSearchOrders))
                .takes(Input::Search)
                .placeholder(r.t(Msg::SampleSearchOrders)),
            Field::new("carrier", r.t(Msg::SampleCarrier)).takes(Input::Choice(carriers)),
        ],
        clear: Some("/seller/orders".to_owned()),
    }
}

fn order_row(r: &Reader, place: i64, state: &str, hours: Option<i64>) -> Row {
    let kinds = [
        (Kind::Scarf, Colour::Terracotta),
        (Kind::Mug, Colour::Navy),
        (Kind::Tshirt, Colour::Sage),
    ];
    let (kind, colour) = kinds[(place % 3) as usize];
    let number = (734_102_556_118 + place * 7_919).to_string();
    Row {
        key: number.clone(),
        cells: vec![
            html! { a href="/seller/orders/1" { (number) } },
            html! { span.with-picture { img src=(drawn(kind, colour)) alt="" width="40" height="40"; span { (r.t(Msg::SampleScarf)) small { (r.t(Msg::SampleBuyer)) } } } },
            order_badge(r.words, state),
            html! { @if let Some(hours) = hours { (countdown(r, after(r, hours), &r.t(Msg::SampleLateConsequence))) } },
            amount(r, pounds(2_850 + place * 1_210)),
        ],
        overdue: hours.is_some_and(|hours| hours < 0),
    }
}

pub(super) fn entries(r: &Reader) -> Vec<TimelineEntry> {
    let entry = |hours, icon, tone, what: Msg, who: &str, why: &str| TimelineEntry {
        at: after(r, hours),
        icon,
        tone,
        what: said(r, what),
        who: who.to_owned(),
        why: why.to_owned(),
    };
    let (buyer, clerk) = (said(r, Msg::SampleBuyer), said(r, Msg::SampleClerk));
    vec![
        entry(-50, Icon::Basket, Tone::Quiet, Msg::SamplePlaced, &buyer, ""),
        entry(
            -50,
            Icon::Money,
            Tone::Good,
            Msg::PaymentCaptured,
            &buyer,
            &r.t(Msg::SampleCardNote),
        ),
        entry(-49, Icon::Check, Tone::Quiet, Msg::SampleChecked, "", &r.t(Msg::SampleCheckedWhy)),
        entry(
            -26,
            Icon::Package,
            Tone::Quiet,
            Msg::ParcelPacked,
            &clerk,
            &r.t(Msg::SamplePackedWhy),
        ),
        entry(
            -20,
            Icon::Truck,
            Tone::Info,
            Msg::ParcelHandedOver,
            &clerk,
            &r.t(Msg::SampleTracking),
        ),
        entry(50, Icon::Home, Tone::Quiet, Msg::OrderDelivered, "", ""),
    ]
}

pub(super) fn order(r: &Reader) -> Markup {
    let number = "734102556118";
    let detail = DetailHead {
        back: Some(("/seller/orders".to_owned(), said(r, Msg::NavOrders))),
        title: said(r, Msg::SampleOrderNumber),
        badges: vec![
            order_badge(r.words, "awaiting_shipment"),
            payment_badge(r.words, "captured"),
            badge(Tone::Soon, Icon::Flag, &r.t(Msg::SampleFlag)),
        ],
        under: vec![copyable(r.words, number), html! { (r.t(Msg::SampleBuyer)) }],
        deadline: Some(deadline(r, after(r, 7), &r.t(Msg::SampleLateConsequence))),
        acts: vec![
            act(Look::Primary, "/seller/orders/1/shipment", "sample", &[], &r.t(Msg::SampleShip)),
            link_button_with(
                Look::Plain,
                "/seller/orders/1/slip",
                Icon::Printer,
                &r.t(Msg::SamplePrintSlip),
            ),
        ],
    };
    let line = BoughtLine {
        picture: drawn(Kind::Scarf, Colour::Terracotta),
        title: said(r, Msg::SampleScarf),
        href: "/p/1".to_owned(),
        options: said(r, Msg::SampleRose),
        quantity: 1,
        sum: pounds(2_850),
        note: None,
        acts: None,
    };
    let main = html! {
        (section(&r.t(Msg::SampleGoods), bought_lines(r, &[line])))
        (section(&r.t(Msg::SampleTimeline), timeline(r, &entries(r))))
    };
    let side = html! {
        (section(&r.t(Msg::SampleAddress), facts(&[(&r.t(Msg::SampleName), html! { (r.t(Msg::SampleBuyer)) }), (&r.t(Msg::SampleStreet), html! { (r.t(Msg::SampleStreetFull)) })])))
        (section(&r.t(Msg::NavMoney), money_table(r, "", &shares(r))))
    };
    seller_page(&head(r, Msg::NavOrders, Place::SellerOrders), detail_page(&detail, main, side))
}

fn shares(r: &Reader) -> Vec<MoneyLine> {
    vec![
        MoneyLine::part(r.t(Msg::SampleGoods), pounds(2_850)),
        MoneyLine::part(r.t(Msg::SampleShipping), pounds(399)),
        MoneyLine::part(r.t(Msg::SampleCommission), pounds(-195))
            .with_note(r.t(Msg::SampleCommissionNote)),
        MoneyLine::total(r.t(Msg::SampleYours), pounds(3_054)).linked("/seller/money"),
    ]
}

pub(super) fn empty(r: &Reader) -> Markup {
    let list = ListPage {
        title: said(r, Msg::NavOrders),
        empty: Empty {
            icon: Some(Icon::Box),
            title: said(r, Msg::SampleEmpty),
            text: said(r, Msg::SampleEmptyText),
            next: Some(("/seller/products".to_owned(), said(r, Msg::SampleEmptyNext))),
        },
        ..ListPage::default()
    };
    seller_page(&head(r, Msg::NavOrders, Place::SellerOrders), list_page(r.words, &list))
}

pub(super) fn confirm_page(r: &Reader) -> Markup {
    let refund = |minor| Money::new(minor, pounds(0).currency);
    let ask = Confirm {
        title: said(r, Msg::SampleAsk),
        text: said(r, Msg::SampleAskText),
        money: vec![
            MoneyLine::part(r.t(Msg::SampleGoods), refund(2_850)),
            MoneyLine::part(r.t(Msg::SampleShipping), refund(399)),
            MoneyLine::total(r.t(Msg::SampleBack), refund(3_249)),
        ],
        action: "/seller/orders/1/cancellation".to_owned(),
        csrf: "sample".to_owned(),
        hidden: vec![("version".to_owned(), "3".to_owned())],
        fields: Some(Field::new("reason", r.t(Msg::SampleReason)).required().draw(r.words)),
        yes: said(r, Msg::SampleAskYes),
        no: "/seller/orders/1".to_owned(),
        danger: true,
    };
    seller_page(&head(r, Msg::NavOrders, Place::SellerOrders), confirm(r, &ask))
}

pub(super) fn money(r: &Reader) -> Markup {
    let step = |label: Msg, amount, note: Msg, tone| FlowStep {
        label: said(r, label),
        amount: pounds(amount),
        note: said(r, note),
        href: Some("/seller/money/transfers".to_owned()),
        tone,
    };
    let steps = [
        step(Msg::SampleEscrowShort, 1_204_390, Msg::SampleEscrowWaits, Tone::Quiet),
        step(Msg::SampleReserve, 61_250, Msg::SampleReserveWaits, Tone::Quiet),
        step(Msg::SampleAvailable, 382_100, Msg::SampleAvailableWaits, Tone::Good),
    ];
    seller_page(
        &head(r, Msg::NavMoney, Place::SellerMoney),
        html! { (page_title(&r.t(Msg::NavMoney), "", &[])) (money_flow(r, &steps)) (section(&r.t(Msg::SampleSum), money_table(r, "", &shares(r)))) },
    )
}
