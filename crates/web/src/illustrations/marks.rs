//! The marks of shop logos: each a sign of a trade, drawn in the middle of a circle of 400.

use super::Colour;
use super::paint::Canvas;

/// Draws a mark in the front colour on the ground colour.
pub(super) type Mark = fn(&mut Canvas, ground: Colour, front: Colour);

/// The marks which fit a category of `policies/categories.toml`; a shop's number picks one of them.
pub(super) fn of_category(category: &str) -> &'static [Mark] {
    match category {
        "electronics" | "phones_accessories" | "audio" => &[waves, dial],
        "home_kitchen" => &[house, bowl],
        "garden" => &[leaf, flower],
        "apparel" | "clothing" => &[button],
        "shoes" | "sports" => &[peaks, hills],
        "bags" => &[bag],
        "jewellery" => &[star],
        "beauty" => &[flower],
        "food" => &[bowl],
        "tea" => &[leaf, cup],
        "toys" => &[blocks],
        "stationery" => &[pencil],
        "books" => &[book],
        "pets" => &[paw],
        _ => &[hills, star],
    }
}

fn leaf(c: &mut Canvas, ground: Colour, front: Colour) {
    c.path(front.fill(), "M200 92c70 50 84 120 0 216c-84-96-70-166 0-216z").line(
        ground.fill(),
        10,
        "M200 150v150M200 220l32-30M200 250l-32-30",
    );
}

fn dial(c: &mut Canvas, _: Colour, front: Colour) {
    c.ring(front.fill(), 26, 200, 200, 86).circle(front.shade(), 200, 200, 40);
}

fn house(c: &mut Canvas, ground: Colour, front: Colour) {
    c.path(front.fill(), "M200 96l104 80v118H96V176z").rect(ground.fill(), 172, 216, 56, 78, 28);
}

fn flower(c: &mut Canvas, _: Colour, front: Colour) {
    for turn in 0..8 {
        c.moved(&format!("rotate({} 200 200)", turn * 45), |c| {
            c.ellipse(front.fill(), 200, 132, 24, 48);
        });
    }
    c.circle(front.shade(), 200, 200, 30);
}

fn hills(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(front.fill(), "M90 240q56-90 110-20t110-20v80H90z").circle(front.shade(), 250, 140, 34);
}

fn peaks(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(front.fill(), "M84 282l84-140 52 86 28-44 68 98z").circle(front.shade(), 268, 132, 28);
}

fn star(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(front.fill(), "M200 84l36 80 80 36-80 36-36 80-36-80-80-36 80-36z");
}

fn blocks(c: &mut Canvas, _: Colour, front: Colour) {
    c.rect(front.fill(), 110, 110, 84, 84, 16)
        .rect(front.shade(), 206, 110, 84, 84, 42)
        .rect(front.shade(), 110, 206, 84, 84, 42)
        .rect(front.fill(), 206, 206, 84, 84, 16);
}

fn waves(c: &mut Canvas, _: Colour, front: Colour) {
    c.line(
        front.fill(),
        26,
        "M110 160q46-50 90 0t90 0M110 220q46-50 90 0t90 0M110 280q46-50 90 0t90 0",
    );
}

fn cup(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(front.fill(), "M112 170h150v70q0 62-75 62t-75-62z")
        .line(front.fill(), 20, "M262 190c60-10 60 70-6 66")
        .line(front.shade(), 12, "M160 146q-12-18 0-36t0-32M210 146q-12-18 0-36t0-32");
}

fn button(c: &mut Canvas, ground: Colour, front: Colour) {
    c.circle(front.fill(), 200, 200, 104).ring(front.shade(), 10, 200, 200, 80);
    for (x, y) in [(172, 172), (228, 172), (172, 228), (228, 228)] {
        c.circle(ground.fill(), x, y, 15);
    }
}

fn bag(c: &mut Canvas, _: Colour, front: Colour) {
    c.line(front.shade(), 18, "M158 172v-22a42 42 0 0 1 84 0v22")
        .path(front.fill(), "M116 164h168l16 138H100z");
}

fn bowl(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(front.fill(), "M92 196h216q0 100-108 100T92 196z")
        .rect(front.fill(), 158, 284, 84, 24, 10)
        .line(
            front.shade(),
            12,
            "M160 166q-12-18 0-36t0-32M200 166q-12-18 0-36t0-32M240 166q-12-18 0-36t0-32",
        );
}

fn pencil(c: &mut Canvas, ground: Colour, front: Colour) {
    c.moved("rotate(45 200 200)", |c| {
        c.rect(front.fill(), 172, 84, 56, 168, 10)
            .rect(front.shade(), 172, 84, 56, 34, 10)
            .path(front.fill(), "M172 262h56l-28 58z")
            .line(ground.fill(), 8, "M200 130v116");
    });
}

fn book(c: &mut Canvas, ground: Colour, front: Colour) {
    c.path(front.fill(), "M196 138q-44-30-104-20v160q60-10 104 20z")
        .path(front.fill(), "M204 138q44-30 104-20v160q-60-10-104 20z")
        .line(
            ground.fill(),
            8,
            "M118 166q34-4 54 8M118 206q34-4 54 8M282 166q-34-4-54 8M282 206q-34-4-54 8",
        );
}

fn paw(c: &mut Canvas, _: Colour, front: Colour) {
    c.path(
        front.fill(),
        "M200 196c44 0 78 46 70 78c-8 30-44 16-70 16s-62 14-70-16c-8-32 26-78 70-78z",
    );
    for (x, y) in [(118, 190), (166, 138), (234, 138), (282, 190)] {
        c.ellipse(front.fill(), x, y, 24, 32);
    }
}

#[cfg(test)]
mod tests {
    use rules::catalog::categories::Categories;

    use super::*;

    #[test]
    fn every_category_has_marks_of_its_trade() {
        for category in Categories::shipped().iter() {
            let own = of_category(&category.code);
            assert!(!std::ptr::eq(own, of_category("")), "{}", category.code);
        }
    }
}
