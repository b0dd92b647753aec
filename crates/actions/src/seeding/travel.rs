//! The parcels of a history: packed, handed over, and on the way which the sandbox's carrier gives them.

use std::collections::BTreeSet;

use rules::ids::JobId;
use rules::orders::{OrderCommand, OrderState};
use rules::policy::MarketCode;
use rules::shipping::packing::PackingMode;
use rules::shipping::parcels::{CarrierNews, ParcelState};
use rules::time::Timestamp;
use serde_json::json;
use store::bulk::WholeItem;
use store::jobs::NewJob;
use store::packing::{PackedItem, Packing};
use store::parcels::{Parcel, ParcelEvent};

use super::Profile;
use super::play::{History, Play, Step};
use crate::failure::Failure;
use crate::market::Actor;
use crate::packing::{MOST_GRAMS, new_parcel};
use crate::parcels::{command_of, moved, told_at_once};
use crate::sandbox_carrier::{self, Round, first_round, made_up_number, pieces};

/// A parcel, what lies in it, and what its carrier will tell next.
pub(super) struct Travelling {
    parcel: Parcel,
    packing: Packing,
    /// Lines from the first on, and before the second.
    lines: (usize, usize),
    way: Option<Way>,
    seen: BTreeSet<String>,
}

struct Way {
    job: JobId,
    since: Timestamp,
    next: Option<(Round, Timestamp)>,
}

impl Play<'_> {
    /// Packs some lines into a parcel of their own.
    pub(super) fn pack(
        &mut self,
        history: &mut History,
        lines: (usize, usize),
        at: Timestamp,
    ) -> Result<(), Failure> {
        if !waits_for_parcels(history.order.state) {
            return Ok(());
        }
        let all = history.placed.order.lines.len();
        let whole = lines == (0, all);
        let prices = &history.placed.order.price.lines;
        let grams = (lines.0..lines.1).map(|at| history.placed.grams[at] * prices[at].quantity);
        let grams = grams.sum::<i64>().clamp(1, MOST_GRAMS);
        let parcel = new_parcel(self.id(at), &history.order, ParcelState::Packed, grams, at);
        let mut contents = Vec::new();
        let packed = history.placed.order.lines.iter().zip(prices);
        for (line, price) in packed.take(lines.1).skip(lines.0) {
            let count = price.quantity;
            let item = PackedItem {
                parcel: parcel.id,
                order: parcel.order,
                line: line.id,
                sku: line.sku,
                count,
            };
            contents.push(json!({ "sku": line.sku_code, "count": count }));
            let id = self.id(at);
            self.put_item(WholeItem { id, shop: parcel.shop, item, at });
        }
        let mode = if whole { PackingMode::List } else { PackingMode::Scan };
        let mut body = json!({
            "parcel": parcel.id, "weight_grams": grams, "checked": mode.code(), "contents": contents,
        });
        if !whole {
            body["part"] = json!(lines.1 < all);
        }
        self.happened(parcel.order, "packed", self.shop.staff, &body, false, at);
        let packing = Packing {
            id: parcel.id,
            shop: parcel.shop,
            order: parcel.order,
            box_id: parcel.id,
            checked: Some(mode),
            packed_by: self.shop.staff.code(),
            photo: None,
            packed_at: Some(at),
            left_at: None,
            created_at: at,
        };
        let number = history.parcels.len();
        let seen = BTreeSet::new();
        history.parcels.push(Travelling { parcel, packing, lines, way: None, seen });
        history.plan(self.minutes(at, 30, 5 * 60), Step::Ship(number));
        Ok(())
    }

    /// Hands a parcel over to the carrier which was promised.
    pub(super) fn ship(
        &mut self,
        history: &mut History,
        number: usize,
        at: Timestamp,
    ) -> Result<(), Failure> {
        if !waits_for_parcels(history.order.state) {
            return Ok(());
        }
        let placed = &history.placed.order;
        let code = MarketCode::parse(&placed.market)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        let carrier = self
            .policies
            .shipping(code)
            .carrier(&placed.carrier)
            .ok_or_else(|| Failure::Broken(format!("carrier {}", placed.carrier)))?;
        let one = &mut history.parcels[number];
        let tracking_number = made_up_number(carrier, one.parcel.id);
        one.parcel = Parcel {
            state: ParcelState::HandedOver,
            carrier: placed.carrier.clone(),
            service: placed.service.clone(),
            tracking_number,
            progress_at: at,
            handed_over_at: Some(at),
            news_at: at,
            version: one.parcel.version + 1,
            ..one.parcel.clone()
        };
        let round = first_round(self.policies, &placed.market, &one.parcel)?;
        let packed: usize = history.parcels.iter().map(|one| one.lines.1 - one.lines.0).sum();
        let here = |one: &Travelling| one.parcel.state.ready();
        let rest = packed < placed.lines.len() || history.parcels.iter().any(here);
        let command = if rest { OrderCommand::ShipPart } else { OrderCommand::Ship };
        self.carry_out(history, command, self.shop.staff, at)?;
        if command == OrderCommand::Ship {
            self.catch_up(history, None, self.shop.staff, at)?;
        }
        let next = at + sandbox_carrier::FIRST_WORD;
        let job = self.id(at);
        let way = Way { job, since: at, next: Some((round, next)) };
        history.parcels[number].way = Some(way);
        history.plan(next, Step::News(number));
        Ok(())
    }

    /// The goods of parcels which were handed over leave stock.
    pub(super) fn goods_leave(&mut self, history: &mut History, at: Timestamp) {
        for one in &mut history.parcels {
            if one.parcel.state != ParcelState::HandedOver || one.packing.left_at.is_some() {
                continue;
            }
            one.packing.left_at = Some(at);
            for place in one.lines.0..one.lines.1 {
                let line = &history.placed.order.lines[place];
                let count = history.placed.order.price.lines[place].quantity;
                let taken = self.stock.take_out(line.sku, line.product, count, at);
                history.batches[place].push(taken);
            }
        }
    }

    /// The carrier tells what is due.
    pub(super) fn news(
        &mut self,
        history: &mut History,
        number: usize,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let one = &mut history.parcels[number];
        let Some(way) = &mut one.way else { return Ok(()) };
        let (job, Some((round, _))) = (way.job, way.next.take()) else { return Ok(()) };
        if let Some((round, after)) = sandbox_carrier::after(&round) {
            way.next = Some((round, at + after));
            history.plan(at + after, Step::News(number));
        }
        for told in pieces(job.number(), &round, at) {
            let one = &mut history.parcels[number];
            if !one.seen.insert(told.carrier_ref.clone()) {
                continue;
            }
            if told.news != CarrierNews::Recognised {
                let first = history.first_scan.unwrap_or(told.happened_at);
                history.first_scan = Some(first.min(told.happened_at));
            }
            let before = one.parcel.progress_at;
            let after = moved(&one.parcel, told.news, told.happened_at, at);
            one.parcel = Parcel { version: one.parcel.version + 1, ..after };
            let progress = (one.parcel.progress_at > before).then_some(one.parcel.progress_at);
            let (parcel, order) = (one.parcel.id, one.parcel.order);
            let event = ParcelEvent {
                id: self.id(at),
                parcel,
                carrier_ref: told.carrier_ref,
                kind: told.news.code().to_owned(),
                place: told.place.clone(),
                happened_at: told.happened_at,
            };
            self.pool.rows(at).parcel_events.push((self.shop.ask.shop, event, at));
            let on_its_way = matches!(
                history.order.state,
                OrderState::AwaitingCollection { .. } | OrderState::InTransit { .. }
            );
            if let Some(kind) = told_at_once(told.news).filter(|_| on_its_way) {
                let body = json!({ "parcel": parcel, "place": told.place, "at": told.happened_at });
                self.happened(order, kind, Actor::Carrier, &body, true, at);
            }
            self.catch_up(history, progress, Actor::Carrier, at)?;
        }
        Ok(())
    }

    fn catch_up(
        &mut self,
        history: &mut History,
        progress: Option<Timestamp>,
        actor: Actor,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let states: Vec<ParcelState> = history.parcels.iter().map(|one| one.parcel.state).collect();
        match command_of(&states, progress, &history.order) {
            Some(command) => self.carry_out(history, command, actor, at).map(drop),
            None => Ok(()),
        }
    }

    /// The parcels as they are at the end; those on their way have their carrier's next word.
    pub(super) fn leave_parcels(&mut self, history: &mut History) -> Result<(), Failure> {
        for one in std::mem::take(&mut history.parcels) {
            let told = self.profile == Profile::Life;
            let way = one.way.filter(|_| told);
            if let Some(Way { job, since, next: Some((round, due_at)) }) = way {
                let body = serde_json::to_string(&round)
                    .map_err(|error| Failure::Broken(error.to_string()))?;
                let (home_id, subject_id) = (one.parcel.shop.number(), one.parcel.id.number());
                let job =
                    NewJob { id: job, home_id, kind: "carrier_report", subject_id, body, due_at };
                self.pool.rows(since).jobs.push((job, since));
            }
            let rows = self.pool.rows(one.packing.created_at);
            rows.parcels.push(one.parcel);
            rows.packings.push(one.packing);
        }
        Ok(())
    }
}

fn waits_for_parcels(state: OrderState) -> bool {
    matches!(state, OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. })
}
