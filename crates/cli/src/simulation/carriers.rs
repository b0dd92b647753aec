//! Carriers at their door: signed reports with news in any order, twice, late, and now and then with a forged signature.

use actions::carrier_keys::roll_for_cli;
use actions::carrier_reports::{NewsAnswer, Outcome, Report, ReportedNews, take_report};
use actions::orders::OrderAsk;
use actions::secrets::report_signature;
use actions::tracking::{ChangeTracking, change_tracking};
use actions::{Actor, Failure};
use anyhow::{Context, bail, ensure};
use rules::shipping::parcels::{CarrierNews, ParcelState, Way};
use rules::shipping::tracking_numbers;
use rules::time::Span;
use store::parcels::Parcel;
use store::{Tx, parcels};

use super::{Simulation, answered};

impl Simulation {
    /// Some news of one shipped parcel, in one report, sent once or twice.
    pub(super) async fn a_carrier_reports(&mut self) -> anyhow::Result<()> {
        let Some(parcel) = self.a_shipped_parcel().await? else { return Ok(()) };
        let market = self.life.market.clone();
        if self.life.chance.percent(6) {
            return self.a_number_is_corrected(&parcel).await;
        }
        let chance = &self.life.chance;
        let pieces = 1 + chance.below(4);
        let news = (0..pieces).map(|_| ReportedNews {
            tracking_number: parcel.tracking_number.clone(),
            carrier_ref: format!("report-{}", chance.below(8)),
            news: *chance.pick(&CarrierNews::ALL),
            place: "somewhere".to_owned(),
            happened_at: market.now() - Span::from_minutes(chance.below(3_000) as i64),
        });
        let body = serde_json::to_vec(&Report { news: news.collect() })?;
        let key = roll_for_cli(&market, &parcel.carrier).await?;
        let seconds = market.now().ms() / 1_000;
        let signature = report_signature(key.text.reveal(), seconds, &body);
        if self.life.chance.percent(10) {
            let forged = format!("t={},v1={signature}", seconds + 1);
            if take_report(&market, &parcel.carrier, &forged, &body).await?.is_some() {
                bail!("a forged report was taken in");
            }
        }
        let header = format!("t={seconds},v1={signature}");
        let told = take_report(&market, &parcel.carrier, &header, &body).await?;
        told.context("a signed report was refused")?;
        if self.life.chance.percent(40) {
            let again = take_report(&market, &parcel.carrier, &header, &body).await?;
            let new = |answer: &NewsAnswer| answer.outcome == Outcome::Taken;
            let again = again.context("a signed report was refused the second time")?;
            ensure!(!again.iter().any(new), "the same report was news twice: {again:?}");
        }
        self.its_way_is_its_news(&parcel).await
    }

    async fn a_shipped_parcel(&self) -> anyhow::Result<Option<Parcel>> {
        let near = self.orders.iter().filter(|order| order.shipped_at.is_some()).take(30);
        let near: Vec<_> = near.map(|order| (order.shop, order.id)).collect();
        if near.is_empty() {
            return Ok(None);
        }
        let (shop, order) = *self.life.chance.pick(&near);
        let read =
            async move |tx: &mut Tx| Ok::<_, Failure>(parcels::of_order(tx, shop, order).await?);
        let found = self.life.market.store.read(read).await?;
        let shipped: Vec<Parcel> =
            found.into_iter().filter(|parcel| parcel.state != ParcelState::Packed).collect();
        ensure!(!shipped.is_empty(), "a shipped order has no parcel");
        Ok(Some(self.life.chance.pick(&shipped).clone()))
    }

    /// The shop corrects a number: allowed or refused, never half.
    async fn a_number_is_corrected(&mut self, parcel: &Parcel) -> anyhow::Result<()> {
        let (_, policies) = self.life.market.policies();
        let known =
            policies.markets().find_map(|m| policies.shipping(m.code).carrier(&parcel.carrier));
        let carrier = known.context("a parcel of an unknown carrier")?;
        let serial = self.life.chance.below(900_000_000);
        let number = match (carrier.tracking_checks.first(), carrier.tracking_masks.first()) {
            (Some(check), _) => tracking_numbers::made_up(*check, serial),
            (None, Some(mask)) => mask.filled(serial),
            (None, None) => format!("SB{serial}"),
        };
        let mut shops = self.life.shops.iter();
        let shop = shops.find(|shop| shop.id == parcel.shop).context("an unknown shop")?;
        let actor = Actor::Staff { person: shop.owner, shop: shop.id };
        let (order, expected, request) = (parcel.order, None, None);
        let ask = OrderAsk { shop: parcel.shop, order, actor, expected, request };
        let change = ChangeTracking {
            ask,
            parcel: parcel.id,
            service: String::new(),
            tracking_number: number,
        };
        let market = &self.life.market;
        let done = answered(change_tracking(market, change.clone()).await)?;
        // Once is once, whatever became of the first try.
        let again = answered(change_tracking(market, change).await)?;
        ensure!(done.is_none() || again.is_none(), "a number was corrected twice");
        Ok(())
    }

    /// Where a parcel is follows from its news alone, in whatever order they came.
    async fn its_way_is_its_news(&self, parcel: &Parcel) -> anyhow::Result<()> {
        let (shop, id) = (parcel.shop, parcel.id);
        let read = async move |tx: &mut Tx| {
            let parcel = parcels::load(tx, shop, id).await?;
            Ok::<_, Failure>((parcel, parcels::events_of(tx, shop, id).await?))
        };
        let (parcel, events) = self.life.market.store.read(read).await?;
        let parcel = parcel.context("the parcel is gone")?;
        // After a correction the news of the old number is history.
        let Some(handed_over) = parcel.handed_over_at.filter(|_| parcel.tracking_changes == 0)
        else {
            return Ok(());
        };
        let mut way =
            Way { state: ParcelState::HandedOver, news_at: handed_over, recognised_at: None };
        for event in events.iter().rev() {
            let news = CarrierNews::parse(&event.kind).context("news of an unknown kind")?;
            way = way.after(news, event.happened_at);
        }
        ensure!(
            way.state == parcel.state && way.recognised_at == parcel.recognised_at,
            "parcel {id} is {:?}, but its news say {way:?}",
            parcel.state
        );
        Ok(())
    }
}
