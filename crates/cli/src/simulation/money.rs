//! The money side under faults: reports which are wrong in every way, payouts which must not go meanwhile.

use actions::bank_accounts::{RegisterAccount, bring_in};
use actions::books;
use actions::payouts;
use actions::reconciliation::{TakeReport, overview, take_report};
use actions::sandbox_reports::{ReportFault, next_period, report};
use anyhow::{bail, ensure};
use rules::ledger::check::Fault;
use rules::settlement::bank_accounts::AccountScheme;
use rules::settlement::payouts::Obstacle;

use super::{Simulation, answered};
use crate::life::of_finance;

/// Accounts at banks of every temper, but none which is silent for ever: everything has to end.
const ENDINGS: [&str; 6] = ["9000", "0001", "0002", "0003", "0004", "0006"];

impl Simulation {
    /// A report comes, mostly right; a shop may change its account. While a difference is open nothing of its shop is
    /// sent, and it is the only thing the check finds; then two people book it.
    pub(super) async fn finance_works(&mut self) -> anyhow::Result<()> {
        if self.life.chance.percent(30) {
            self.an_account_changes().await?;
        }
        let fault = match self.life.chance.below(100) {
            0..=59 => ReportFault::Nothing,
            60..=74 => ReportFault::RefundTooMuch,
            75..=89 => ReportFault::LineMissing,
            _ => ReportFault::OtherAmount,
        };
        let source = *self.life.chance.pick(&["sandbox", "bank"]);
        let market = self.life.market.clone();
        let finance = of_finance(self.life.finance[0]);
        let (from, to) = next_period(&market, source.to_owned()).await?;
        if to <= from {
            return Ok(());
        }
        let csv = report(&market, source, from, to, fault).await?;
        let ask = TakeReport { source: source.to_owned(), from, to, csv };
        let taken = take_report(&market, &finance, ask.clone()).await?;
        if self.life.chance.percent(25) {
            self.reopen().await?;
        }
        let market = self.life.market.clone();
        let again = take_report(&market, &finance, ask).await?;
        ensure!(
            (again.report, again.new_lines, again.opened) == (taken.report, 0, 0),
            "the same report was taken in as {taken:?} and again as {again:?}"
        );
        self.opened_for_a_fault(source, fault, taken.opened)?;
        self.nothing_goes_while_it_differs().await?;
        self.life.finance_works(ReportFault::Nothing).await?;
        ensure!(overview(&market, &finance).await?.open.is_empty(), "a difference was not settled");
        Ok(())
    }

    /// What a report opens is what this one or an earlier one of its source has wrong: a line left out of what has just
    /// happened is missed only by a later report, when it is late.
    fn opened_for_a_fault(
        &mut self,
        source: &'static str,
        fault: ReportFault,
        opened: u64,
    ) -> anyhow::Result<()> {
        let faults = self.report_faults.entry(source).or_default();
        *faults += u64::from(fault != ReportFault::Nothing);
        let Some(left) = faults.checked_sub(opened) else {
            bail!(
                "a report of {source} ({fault:?}) opened {opened} differences, {faults} were due"
            );
        };
        *faults = left;
        Ok(())
    }

    async fn nothing_goes_while_it_differs(&mut self) -> anyhow::Result<()> {
        let market = self.life.market.clone();
        let finance = of_finance(self.life.finance[0]);
        let open = overview(&market, &finance).await?.open;
        let found = books::check(&market).await?.faults;
        for fault in &found {
            ensure!(matches!(fault, Fault::ReportDiffers(_)), "{fault}");
        }
        ensure!(
            found.len() == open.len(),
            "the check finds {found:?}, the house knows of {} differences",
            open.len()
        );
        for difference in &open {
            let shop = rules::ids::ShopId::new(difference.key.home_id);
            let before = payouts::of_shop(&market, shop, i64::MAX, 5).await?.payouts;
            for payout in before.iter().filter(|payout| payout.state.code() == "scheduled") {
                answered(payouts::pass_deadline(&market, shop, payout.id).await)?;
            }
            for payout in payouts::of_shop(&market, shop, i64::MAX, 5).await?.payouts {
                let now_sent = payout.sent_at == Some(market.now());
                ensure!(!now_sent, "payout {} was sent while a report differs", payout.id);
                if !payout.obstacles.is_empty() {
                    ensure!(
                        payout.obstacles.contains(&Obstacle::ReportDiffers)
                            || payout.obstacles.contains(&Obstacle::NoBankAccount)
                            || payout.obstacles.contains(&Obstacle::AccountRefused),
                        "payout {} stands still for {:?}",
                        payout.id,
                        payout.obstacles
                    );
                }
            }
        }
        Ok(())
    }

    async fn an_account_changes(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let shop = chance.pick(&self.life.shops);
        let ask = RegisterAccount {
            holder: "Simulated".to_owned(),
            country: "US".to_owned(),
            scheme: AccountScheme::Us,
            bank: "021000021".to_owned(),
            number: format!("8800{}", chance.pick(&ENDINGS)),
            password: String::new(),
        };
        answered(bring_in(&self.life.market, shop.owner, shop.id, ask).await)?;
        Ok(())
    }
}
