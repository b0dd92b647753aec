//! A shop's own notes and marks on its orders: written by its staff, seen by its staff, never by the buyer.

use rules::ids::{OrderId, ShopId};
use rules::orders::marks::{self, Mark};
use store::order_notes::{self, MARK, NOTE, NoteRow};
use store::{Tx, orders};

use crate::failure::Failure;
use crate::market::Market;
use crate::orders::OrderAsk;
use crate::requests::{self, Answered};

/// Notes which are shown of an order. [X] an order with more is a case for something else.
pub const MOST_SHOWN: i64 = 200;

/// Adds a note to an order.
pub async fn write_note(
    market: &Market,
    ask: OrderAsk,
    text: &str,
) -> Result<Answered<OrderId>, Failure> {
    let body = marks::note(text)
        .map_err(|fault| Failure::invalid("note", fault.code(), fault.to_string()))?;
    let (now, id) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            orders::show(tx, ask.shop, ask.order).await?.ok_or(Failure::NotFound)?;
            let (kind, author) = (NOTE.to_owned(), ask.actor.code());
            let note = NoteRow { id, kind, author, body: body.clone(), created_at: now };
            order_notes::insert(tx, ask.shop, ask.order, &note).await?;
            requests::keep(tx, ask.request.as_ref(), &ask.order, now).await?;
            Ok(Answered::new(ask.order))
        })
        .await
}

/// Hangs a mark on an order, or takes it off. Who did it stays among the notes; the same mark again changes nothing.
pub async fn set_mark(
    market: &Market,
    ask: OrderAsk,
    mark: Option<Mark>,
    word: &str,
) -> Result<Answered<OrderId>, Failure> {
    let word = marks::word(word)
        .map_err(|fault| Failure::invalid("mark_word", fault.code(), fault.to_string()))?;
    let (mark, word) = match mark {
        Some(mark) => (mark.code().to_owned(), word),
        // A word without a colour would be found by no filter.
        None => (String::new(), String::new()),
    };
    let (now, id) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let row = orders::show(tx, ask.shop, ask.order).await?.ok_or(Failure::NotFound)?;
            if row.mark != mark || row.mark_word != word {
                order_notes::set_mark(tx, ask.shop, ask.order, &mark, &word).await?;
                let body = format!("{mark} {word}").trim().to_owned();
                let (kind, author) = (MARK.to_owned(), ask.actor.code());
                let note = NoteRow { id, kind, author, body, created_at: now };
                order_notes::insert(tx, ask.shop, ask.order, &note).await?;
            }
            requests::keep(tx, ask.request.as_ref(), &ask.order, now).await?;
            Ok(Answered::new(ask.order))
        })
        .await
}

/// An order's mark with its notes, the newest first.
#[derive(Clone, Debug)]
pub struct OrderNotes {
    pub mark: Option<Mark>,
    pub word: String,
    pub notes: Vec<NoteRow>,
}

pub async fn of_order(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<OrderNotes, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            let notes = order_notes::of_order(tx, shop, order, MOST_SHOWN).await?;
            let mark = Mark::parse(&row.mark);
            Ok::<_, Failure>(OrderNotes { mark, word: row.mark_word, notes })
        })
        .await
}
