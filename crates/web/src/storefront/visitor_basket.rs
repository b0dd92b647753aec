//! A visitor's basket: a cookie of at most 30 parts `shop.sku.quantity`, until they sign in.

use actions::checkout::LineWanted;

/// More would not fit into a cookie which every browser takes.
const MOST_PARTS: usize = 30;

/// Reads the cookie; what is not a part is left out.
pub fn read(text: &str) -> Vec<LineWanted> {
    text.split('_').filter_map(part).take(MOST_PARTS).collect()
}

fn part(text: &str) -> Option<LineWanted> {
    let mut parts = text.split('.');
    let (shop, sku, quantity) = (parts.next()?, parts.next()?, parts.next()?);
    let quantity = quantity.parse().ok().filter(|quantity| (1..=9_999).contains(quantity))?;
    match parts.next() {
        None => Some(LineWanted { shop: shop.parse().ok()?, sku: sku.parse().ok()?, quantity }),
        Some(_) => None,
    }
}

/// The cookie's value.
pub fn write(lines: &[LineWanted]) -> String {
    let part = |line: &LineWanted| format!("{}.{}.{}", line.shop, line.sku, line.quantity);
    lines.iter().take(MOST_PARTS).map(part).collect::<Vec<_>>().join("_")
}

/// Puts pieces on top of what is there; `None` when there is no place for another part.
pub fn add(lines: &[LineWanted], more: LineWanted) -> Option<Vec<LineWanted>> {
    let mut lines = lines.to_vec();
    match lines.iter().position(|line| line.sku == more.sku) {
        Some(at) => lines[at].quantity = lines[at].quantity.saturating_add(more.quantity),
        None if lines.len() >= MOST_PARTS => return None,
        None => lines.push(more),
    }
    Some(lines)
}

/// Sets a quantity; 0 takes the line out.
pub fn set(lines: &[LineWanted], wanted: LineWanted) -> Vec<LineWanted> {
    let change = |line: &LineWanted| if line.sku == wanted.sku { wanted } else { *line };
    lines.iter().map(change).filter(|line| line.quantity > 0).collect()
}

#[cfg(test)]
mod tests {
    use rules::ids::{ShopId, SkuId};

    use super::*;

    fn line(sku: i64, quantity: i64) -> LineWanted {
        LineWanted { shop: ShopId::new(5), sku: SkuId::new(sku), quantity }
    }

    #[test]
    fn a_basket_survives_its_cookie_and_strange_parts_do_not() {
        let lines = vec![line(8, 2), line(9, 1)];
        assert_eq!(write(&lines), "5.8.2_5.9.1");
        assert_eq!(read("5.8.2_5.9.1"), lines);
        assert_eq!(read("5.8.2_x_5.9_5.9.0_5.9.-1_5.9.1.1_5.9.1"), lines);
        assert_eq!(read(""), []);
    }

    #[test]
    fn adding_goes_on_top_and_zero_takes_out() {
        let lines = vec![line(8, 2)];
        assert_eq!(add(&lines, line(8, 3)), Some(vec![line(8, 5)]));
        assert_eq!(add(&lines, line(9, 1)), Some(vec![line(8, 2), line(9, 1)]));
        assert_eq!(set(&lines, line(8, 7)), vec![line(8, 7)]);
        assert_eq!(set(&lines, line(8, 0)), vec![]);
        let full: Vec<LineWanted> = (1..=30).map(|sku| line(sku, 1)).collect();
        assert_eq!(add(&full, line(31, 1)), None);
    }
}
