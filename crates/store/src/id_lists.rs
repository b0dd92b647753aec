//! Statements over a handful of ids at once: one round trip instead of one an id.

use rules::ids::Id;

use crate::db::P;

/// Ids as parameters, and the places they take in the text.
///
/// The last id is repeated until there are 1, 2, 4, 8, … of them, so that the engines keep few different texts prepared.
pub(crate) struct IdList {
    ids: Vec<i64>,
}

impl IdList {
    pub fn of<K>(ids: impl IntoIterator<Item = Id<K>>) -> Self {
        let mut ids: Vec<i64> = ids.into_iter().map(Id::number).collect();
        if let Some(last) = ids.last().copied() {
            ids.resize(ids.len().next_power_of_two(), last);
        }
        Self { ids }
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// `$2, $3, $4, $5` when `first` is 2.
    pub fn places(&self, first: usize) -> String {
        let places: Vec<String> =
            (first..).take(self.ids.len()).map(|at| format!("${at}")).collect();
        places.join(", ")
    }

    /// The ids alone, for places from `$1` on.
    pub fn alone(&self) -> Vec<P<'static>> {
        self.ids.iter().map(|id| P::Int(*id)).collect()
    }

    /// `home` as `$1`, then the ids.
    pub fn after<K>(&self, home: Id<K>) -> Vec<P<'static>> {
        std::iter::once(P::Int(home.number())).chain(self.alone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use rules::ids::{ShopId, SkuId};

    use super::*;

    #[test]
    fn lists_have_few_lengths() {
        let list = IdList::of([3, 4, 5].map(SkuId::new));
        assert_eq!(list.places(2), "$2, $3, $4, $5");
        assert_eq!(list.after(ShopId::new(9)), [9, 3, 4, 5, 5].map(P::Int));
        assert!(IdList::of(Vec::<SkuId>::new()).is_empty());
    }
}
