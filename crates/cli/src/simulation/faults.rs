//! What goes wrong around the acts: processes die, answers are lost, news comes twice, late and in any order.

use std::collections::BTreeMap;
use std::fmt::Debug;

use actions::house::publish_policy;
use actions::payments::{Outcome, take_notice};
use actions::requests::{Answered, RequestKey};
use actions::{Failure, Market};
use anyhow::{Context, bail};
use rules::ids::PersonId;
use rules::policy::SHIPPED;
use rules::time::Span;
use store::Tx;
use store::due::{DueKind, claim};

use super::{Simulation, answered, open};

impl Simulation {
    pub(super) fn request(&mut self, person: PersonId, what: &str) -> RequestKey {
        self.keys += 1;
        RequestKey::new(person, &format!("simulated-{}", self.keys), what, what.as_bytes())
    }

    /// Runs an act which has a key. In some cases its answer never arrives, the process may even have died, and it is
    /// run again: then the answer must be the first one's.
    pub(super) async fn keyed<T, F>(&mut self, act: F) -> anyhow::Result<Option<T>>
    where
        T: PartialEq + Debug,
        F: AsyncFn(Market) -> Result<Answered<T>, Failure>,
    {
        let first = answered(act(self.life.market.clone()).await)?;
        if !self.life.chance.percent(12) {
            return Ok(first.map(|first| first.answer));
        }
        if self.life.chance.percent(25) {
            self.reopen().await?;
        }
        let second = answered(act(self.life.market.clone()).await)?;
        match (first, second) {
            (Some(first), Some(second)) if second.replayed && first.answer == second.answer => {
                Ok(Some(first.answer))
            }
            (None, second) => Ok(second.map(|second| second.answer)),
            (Some(first), second) => {
                bail!("the same request was answered {first:?} and then {second:?}")
            }
        }
    }

    /// The process dies between two acts, and another one opens the database.
    pub(super) async fn reopen(&mut self) -> anyhow::Result<()> {
        // To start takes a moment: ids of the new process begin after those of the old one.
        self.clock.move_forward(Span::from_seconds(2));
        self.life.market = open(&self.database, &self.clock, &self.life.chance).await?;
        Ok(())
    }

    /// A process has claimed due work and dies before it does any of it.
    pub(super) async fn dies_with_claims(&mut self) -> anyhow::Result<()> {
        let now = self.life.market.now();
        let until = now + self.life.sweep.lease;
        let kind = *self.life.chance.pick(&DueKind::ALL);
        let claimed = self
            .life
            .market
            .store
            .write(async move |tx: &mut Tx| Ok::<_, Failure>(claim(tx, kind, now, until, 8).await?))
            .await?;
        if !claimed.is_empty() {
            self.claimed_until = until;
        }
        self.reopen().await
    }

    /// A provider tells again, or at last, what it was once asked for.
    pub(super) async fn the_provider_repeats_itself(&mut self) -> anyhow::Result<()> {
        if self.asked.is_empty() {
            return Ok(());
        }
        let asked = *self.life.chance.pick(&self.asked);
        let outcome = if self.life.chance.percent(20) {
            Outcome::Declined { reason: "told_late".to_owned() }
        } else {
            Outcome::Captured { amount: asked.amount, orders: Vec::new() }
        };
        let told = take_notice(&self.life.market, asked.buyer, asked.payment, outcome).await;
        told.with_context(|| format!("a notice of payment {} was not taken in", asked.payment))?;
        Ok(())
    }

    /// New lengths of time and shares, in force at once or some hours later. Orders keep the version they began with.
    pub(super) async fn a_policy_is_published(&mut self) -> anyhow::Result<()> {
        let mut files: BTreeMap<String, String> =
            SHIPPED.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let orders = files.get_mut("orders.toml").context("the policy has a file orders.toml")?;
        let choices: [(&str, &[&str]); 9] = [
            ("pay_by_minutes = 1440", &["30", "600", "2880"]),
            ("cancel_free_minutes = 60", &["1", "60", "600"]),
            ("confirm_mode = \"flagged\"", &["\"flagged\"", "\"all\""]),
            ("dispatch_by_hours = 72", &["24", "72", "100"]),
            ("dispatch_grace_hours = 72", &["0", "12", "72"]),
            ("collect_by_hours = 72", &["24", "72", "240"]),
            ("auto_complete_days = 15", &["1", "7", "30"]),
            ("no_progress_days = 7", &["2", "7", "20"]),
            ("never_delivered_days = 30", &["5", "30"]),
        ];
        for (line, values) in choices {
            let (name, _) = line.split_once(" = ").context("a line has a value")?;
            let value = self.life.chance.pick(values);
            *orders = orders.replacen(line, &format!("{name} = {value}"), 1);
        }
        let from = self.life.market.now() + Span::from_hours(6 * self.life.chance.below(3) as i64);
        let note = "as simulated".to_owned();
        publish_policy(&self.life.market, self.life.operator, files, from, note).await?;
        Ok(())
    }
}
