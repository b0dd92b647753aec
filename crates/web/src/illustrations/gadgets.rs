//! Things with a plug or a battery.

use super::Paint;
use super::paint::Canvas;

const GLASS: &str = "#20262c";
const STEEL: &str = "#c7ccd0";

pub(super) fn earbuds(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 322, 120);
    c.shape(k.shade(), "M112 232V170a58 58 0 0 1 58-58h60a58 58 0 0 1 58 58v62z", |c| {
        c.rect("#1c1f1b", 126, 128, 148, 120, 46).rect(k.light(), 112, 108, 176, 12, 6);
    });
    for (x, turn) in [(166, -6), (234, 6)] {
        c.moved(&format!("rotate({turn} {x} 180)"), |c| {
            c.rect(k.light(), x - 9, 168, 18, 70, 9).ellipse(k.fill(), x, 160, 29, 27);
            c.ellipse(k.shade(), if turn < 0 { x - 14 } else { x + 14 }, 162, 11, 15);
            c.circle(GLASS, if turn < 0 { x - 16 } else { x + 16 }, 162, 6);
            c.veil("#ffffff", 40, &format!("M{} 146q10-8 22-3q-12 2-18 12z", x - 12));
        });
    }
    c.shape(k.fill(), "M106 214h188v44a62 62 0 0 1-62 62h-64a62 62 0 0 1-62-62z", |c| {
        c.veil(k.shade(), 70, "M250 200h60v130H220c40-20 52-70 30-130z");
        c.veil("#ffffff", 30, "M118 224h44v70c-30-10-44-30-44-70z");
    });
    c.rect(k.shade(), 106, 212, 188, 5, 2).circle("#7fd0a0", 200, 246, 5).line(
        k.shade(),
        4,
        "M186 288h28",
    );
}

pub(super) fn headphones(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 322, 120);
    c.line(k.shade(), 24, "M104 236C96 70 304 70 296 236").line(
        k.fill(),
        16,
        "M104 230C98 76 302 76 296 230",
    );
    c.line(k.light(), 6, "M128 150C150 104 250 104 272 150");
    for (x, pad) in [(76, 118), (262, 254)] {
        c.rect("#2a2f35", pad, 206, 30, 104, 15);
        c.shape(k.fill(), &format!("M{x} 232a30 30 0 0 1 62 0v52a30 30 0 0 1-62 0z"), |c| {
            c.veil(k.shade(), 80, &format!("M{} 196h40v130h-40z", x + 36));
            c.veil("#ffffff", 35, &format!("M{x} 214h16v80h-16z"));
        });
    }
    c.circle(p.second.fill(), 107, 258, 8).circle(p.second.fill(), 293, 258, 8);
}

pub(super) fn phone_case(c: &mut Canvas, p: &Paint) {
    c.shadow(205, 330, 96);
    c.moved("rotate(9 230 200) translate(42 6)", |c| {
        case(c, p, p.second.fill(), p.second.shade(), 4)
    });
    c.moved("rotate(-5 180 200) translate(-26 0)", |c| {
        case(c, p, p.colour.fill(), p.colour.shade(), p.pick(4))
    });
}

fn case(c: &mut Canvas, p: &Paint, fill: &str, shade: &str, pattern: u32) {
    c.shape(fill, "M132 92a28 28 0 0 1 28-28h84a28 28 0 0 1 28 28v208a28 28 0 0 1-28 28h-84a28 28 0 0 1-28-28z", |c| {
        match pattern {
            0 => {
                c.circle(p.second.fill(), 202, 262, 62).veil(p.colour.light(), 80, "M120 280q42-34 82-6t84-8v80H120z");
            }
            1 => {
                for step in 0..5 {
                    c.line(p.colour.light(), 7, &format!("M120 {}q22-20 42 0t42 0 42 0 42 0", 180 + step * 32));
                }
            }
            2 => {
                for (x, y, r) in [(160, 190, 15), (228, 176, 10), (196, 236, 20), (246, 270, 14), (158, 286, 11), (214, 308, 8)] {
                    c.circle(p.second.light(), x, y, r);
                }
            }
            3 => {
                c.line(p.second.light(), 6, "M202 320V200M202 260q-36-6-40-40q36 2 40 40M202 236q34-8 36-42q-34 6-36 42M202 300q-30-4-36-32");
            }
            _ => {}
        }
        c.veil(shade, 60, "M256 60h30v280h-30z").veil("#ffffff", 28, "M140 70h10v260h-10z");
    });
    c.rect(shade, 148, 80, 62, 62, 18);
    for (x, y) in [(166, 98), (192, 98), (166, 124)] {
        c.circle(GLASS, x, y, 11).circle("#5d7387", x - 3, y - 3, 4);
    }
    c.circle("#fbf4d6", 192, 124, 5);
}

pub(super) fn speaker(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 322, 104);
    c.line(p.second.shade(), 9, "M262 132q44 6 34 60");
    c.shape(k.fill(), "M118 150a62 50 0 0 1 62-50h40a62 50 0 0 1 62 50v120a62 50 0 0 1-62 50h-40a62 50 0 0 1-62-50z", |c| {
        for row in 0..13 {
            for column in 0..14 {
                c.circle(k.shade(), 122 + column * 12 + (row % 2) * 6, 168 + row * 11, 3);
            }
        }
        c.veil(k.shade(), 45, "M250 90h50v240h-50z").veil("#ffffff", 22, "M124 100h22v220h-22z");
        c.rect(k.light(), 100, 100, 200, 46, 0);
    });
    c.ellipse(k.shade(), 200, 122, 56, 13).ellipse(GLASS, 200, 120, 50, 11);
    c.line("#ffffff", 3, "M192 120h16M200 116v8").line("#ffffff", 3, "M166 120h10M224 120h10");
    c.rect(p.second.fill(), 178, 286, 44, 12, 6);
}

pub(super) fn power_bank(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(206, 324, 92);
    c.line(p.second.fill(), 8, "M176 92C170 40 300 30 306 120c4 70-20 90-14 160q2 34 26 34");
    c.rect(STEEL, 168, 74, 16, 24, 3);
    c.shape(k.fill(), "M134 116a26 26 0 0 1 26-26h84a26 26 0 0 1 26 26v178a26 26 0 0 1-26 26h-84a26 26 0 0 1-26-26z", |c| {
        c.veil(k.shade(), 70, "M244 80h40v250h-40z").veil("#ffffff", 30, "M144 90h12v230h-12z");
    });
    for step in 0..4 {
        c.circle(if step < 3 { "#8fe0b2" } else { k.shade() }, 184 + step * 12, 126, 4);
    }
    c.path(k.light(), "M208 184l-26 44h18l-8 34 30-46h-20z");
}

pub(super) fn charger(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(180, 322, 112);
    c.line(p.second.fill(), 10, "M248 250c60 4 84-30 60-60s-80 0-60 40 100 60 70 84-150 10-178 0");
    c.rect(STEEL, 92, 176, 34, 12, 3).rect(STEEL, 92, 216, 34, 12, 3);
    c.shape(k.fill(), "M120 150a22 22 0 0 1 22-22h72a22 22 0 0 1 22 22v104a22 22 0 0 1-22 22h-72a22 22 0 0 1-22-22z", |c| {
        c.veil(k.shade(), 80, "M204 120h40v170h-40z").veil("#ffffff", 35, "M128 128h12v150h-12z");
    });
    c.rect(GLASS, 208, 186, 10, 30, 5).rect(k.shade(), 234, 236, 24, 28, 6);
    c.path(k.light(), "M172 174l-18 30h14l-6 26 22-34h-14z");
}

pub(super) fn watch(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shape(k.fill(), "M162 48h76l10 96h-96zM152 256h96l-10 100h-76z", |c| {
        c.veil(k.shade(), 70, "M222 40h40v330h-40z");
        c.stitches(k.light(), "M172 54l-8 88M172 350l-8-92");
    });
    for y in [292, 308, 324] {
        c.circle(k.shade(), 200, y, 4);
    }
    c.rect("#9aa1a7", 276, 188, 18, 24, 5)
        .circle("#aab1b7", 200, 200, 84)
        .circle("#dfe3e6", 200, 200, 78);
    if p.pick(2) == 0 {
        c.circle("#fbfaf6", 200, 200, 68);
        for hour in 0..12 {
            c.moved(&format!("rotate({} 200 200)", hour * 30), |c| {
                c.rect(if hour % 3 == 0 { "#1c1f1b" } else { "#a9ada3" }, 198, 138, 4, 12, 2);
            });
        }
        c.line("#1c1f1b", 6, "M200 200l-26-24").line("#1c1f1b", 4, "M200 200l34-34");
        c.line(p.second.shade(), 2, "M190 214l24-58").circle("#1c1f1b", 200, 200, 6);
    } else {
        c.circle(GLASS, 200, 200, 68).ring("#33414b", 8, 200, 200, 52);
        c.line("#8fe0b2", 8, "M200 148a52 52 0 0 1 45 78").line(
            "#f2d468",
            8,
            "M238 236a52 52 0 0 1-60 12",
        );
        c.path("#ffffff", "M172 184h14v8h-6v8h6v16h-14v-8h6v-8h-6zM194 184h14v32h-14v-8h6v-16h-6zM216 184h4v14h6v-14h4v32h-4v-10h-10z");
    }
    c.veil("#ffffff", 22, "M146 176q20-40 60-44q-44 22-46 76z");
}

pub(super) fn bicycle_light(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#fff3b8", 70, "M150 150L10 80v220l140-56z").veil(
        "#fffbe6",
        80,
        "M150 166L40 130v130l110-30z",
    );
    c.shadow(230, 322, 84);
    c.rect("#2a2f35", 206, 232, 44, 40, 6).ring("#2a2f35", 16, 228, 288, 26);
    c.shape(
        k.fill(),
        "M146 160q0-22 24-22h110a36 36 0 0 1 36 36v30a36 36 0 0 1-36 36H170q-24 0-24-22z",
        |c| {
            c.veil(k.shade(), 80, "M140 206h190v50H140z").veil(
                "#ffffff",
                40,
                "M170 146h110v10H170z",
            );
            for x in [220, 234, 248] {
                c.rect(k.shade(), x, 138, 5, 104, 2);
            }
        },
    );
    c.ellipse("#dfe3e6", 150, 189, 20, 54)
        .ellipse("#fff6cf", 148, 189, 14, 44)
        .ellipse("#ffffff", 146, 180, 7, 22);
    c.circle("#e5584f", 292, 170, 7);
}

pub(super) fn keyboard(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.moved("rotate(-7 200 220)", |c| {
        c.veil("#1c1f1b", 14, "M58 176h300v130q0 14-14 14H58z");
        c.rect(k.shade(), 44, 150, 312, 150, 20).rect(k.fill(), 44, 146, 312, 144, 20);
        for row in 0..4 {
            for column in 0..11 {
                let accent = (row, column) == (0, 0)
                    || (row, column) == (1, 10)
                    || (row == 3 && column == 10);
                let (fill, x, y) = (
                    if accent { p.second.fill() } else { k.light() },
                    58 + column * 26,
                    162 + row * 30,
                );
                if row == 3 && (3..8).contains(&column) {
                    continue;
                }
                c.rect(k.shade(), x, y + 3, 22, 22, 5).rect(fill, x, y, 22, 22, 5);
            }
        }
        c.rect(k.shade(), 136, 255, 126, 22, 5).rect(k.light(), 136, 252, 126, 22, 5);
    });
}

pub(super) fn tablet(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 132);
    c.path(k.shade(), "M250 322l34-120h26l-30 120z");
    c.moved("rotate(-3 200 200)", |c| {
        c.rect(k.shade(), 72, 96, 262, 218, 22).rect(k.fill(), 66, 92, 262, 218, 22);
        c.shape("#e9f0f4", "M84 112h226v178H84z", |c| {
            c.rect(k.light(), 84, 112, 226, 60, 0).circle("#f2d468", 262, 150, 20);
            c.path(p.second.fill(), "M84 200l60-54 50 44 36-28 90 66H84z")
                .path(p.second.shade(), "M84 216l80-40 60 40z");
            for (x, fill) in [(98, "#ee7f68"), (150, "#96aa8b"), (202, "#83b4d8"), (254, "#e2a03a")]
            {
                c.rect("#ffffff", x, 232, 42, 42, 10).rect(fill, x + 9, 241, 24, 24, 6);
            }
        });
        c.circle("#20262c", 197, 102, 3).veil("#ffffff", 25, "M84 112h80l-60 178H84z");
    });
    c.moved("rotate(14 340 220)", |c| {
        c.rect("#fdfaf2", 342, 130, 14, 160, 7)
            .rect(p.second.fill(), 342, 130, 14, 26, 7)
            .path("#4a5157", "M342 288h14l-7 20z");
    });
}
