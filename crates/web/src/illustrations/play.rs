//! Things for play, paper and sport.

use super::Paint;
use super::paint::Canvas;

pub(super) fn plush(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 328, 104);
    for x in [146, 254] {
        c.circle(k.fill(), x, 96, 32).circle(k.light(), x, 98, 18);
    }
    c.ellipse(k.shade(), 122, 244, 26, 44).ellipse(k.shade(), 278, 244, 26, 44);
    c.shape(k.fill(), "M200 190c62 0 84 50 80 92q-4 44-80 44t-80-44c-4-42 18-92 80-92z", |c| {
        c.ellipse(k.light(), 200, 272, 48, 50).veil(k.shade(), 50, "M252 190h50v150h-50z");
    });
    c.ellipse(k.fill(), 142, 312, 36, 22)
        .ellipse(k.fill(), 258, 312, 36, 22)
        .ellipse(k.light(), 134, 314, 18, 13)
        .ellipse(k.light(), 266, 314, 18, 13);
    c.shape(k.fill(), "M200 72c56 0 86 38 86 78s-34 64-86 64-86-24-86-64 30-78 86-78z", |c| {
        c.veil(k.shade(), 45, "M250 70q40 70 0 160h60V70z").veil(
            "#ffffff",
            22,
            "M132 140q4-40 44-54q-28 26-28 60z",
        );
    });
    c.ellipse(k.light(), 200, 172, 38, 28).ellipse("#33261f", 200, 160, 14, 10).line(
        "#33261f",
        4,
        "M200 170v8M186 184q14 10 28 0",
    );
    c.circle("#33261f", 166, 140, 9)
        .circle("#33261f", 234, 140, 9)
        .circle("#ffffff", 169, 137, 3)
        .circle("#ffffff", 237, 137, 3);
    c.path(p.second.fill(), "M196 214l-44-18v40zM204 214l44-18v40z").circle(
        p.second.shade(),
        200,
        216,
        12,
    );
}

pub(super) fn blocks(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 132);
    block(c, [k.fill(), k.shade(), k.light()], 82, 226, 3);
    block(c, [p.second.fill(), p.second.shade(), p.second.light()], 210, 226, 3);
    block(c, ["#e2a03a", "#c38324", "#efbc69"], 120, 142, 2);
    block(c, ["#83b4d8", "#6497be", "#abcde6"], 206, 142, 2);
    block(c, ["#c93a36", "#a42a28", "#df605b"], 164, 58, 2);
}

/// A brick with studs: fill, shade, light.
fn block(c: &mut Canvas, [fill, shade, light]: [&str; 3], x: i32, y: i32, studs: i32) {
    let width = studs * 40 + 4;
    for stud in 0..studs {
        c.rect(shade, x + 10 + stud * 40, y, 26, 18, 4).rect(
            light,
            x + 10 + stud * 40,
            y,
            18,
            18,
            4,
        );
    }
    c.rect(fill, x, y + 12, width, 82, 6).rect(shade, x + width - 14, y + 12, 14, 82, 6).rect(
        light,
        x + 6,
        y + 18,
        width - 30,
        6,
        3,
    );
}

pub(super) fn notebook(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.moved("rotate(-7 200 200)", |c| {
        c.veil("#1c1f1b", 12, "M112 84h190v262H122z");
        c.rect("#f6f1e4", 118, 76, 180, 258, 10).line("#ddd4c0", 2, "M292 84v244M288 84v244");
        c.shape(k.fill(), "M104 82q0-14 14-14h152q14 0 14 14v238q0 14-14 14H118q-14 0-14-14z", |c| {
            c.rect(k.shade(), 100, 60, 30, 290, 0).veil("#ffffff", 20, "M136 70h10v270h-10z");
            match p.pick(3) {
                0 => {
                    c.circle(p.second.fill(), 208, 230, 50).path(k.light(), "M130 250q30-30 60-6t50-8 60 10v110H130z");
                }
                1 => {
                    c.line(p.second.light(), 5, "M208 290V150M208 240q-36-4-42-44q40 2 42 44M208 216q36-8 38-46q-38 4-38 46M208 274q-30-2-36-32M208 262q28-4 34-34");
                }
                _ => {
                    for (x, y) in [(160, 210), (196, 250), (232, 206), (250, 266), (170, 296), (214, 304)] {
                        c.circle(p.second.light(), x, y, 9);
                    }
                }
            }
        });
        c.rect("#fdfaf2", 150, 102, 112, 40, 5).rect(k.shade(), 166, 114, 80, 5, 2).rect(k.light(), 166, 125, 50, 4, 2);
        c.rect(p.second.shade(), 258, 68, 9, 268, 0);
    });
}

pub(super) fn pen(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.moved("rotate(-40 200 200)", |c| {
        c.veil("#1c1f1b", 12, "M60 214h260l40 14-40 14H60z");
        c.shape(k.fill(), "M52 176q-14 0-14 24t14 24h120v-48z", |c| {
            c.veil(k.shade(), 75, "M30 204h150v30H30z").veil("#ffffff", 38, "M50 182h110v7H50z");
        });
        c.rect("#d8b36a", 58, 168, 84, 8, 4)
            .circle("#d8b36a", 140, 173, 7)
            .rect("#d8b36a", 168, 174, 10, 52, 2);
        c.shape(p.second.fill(), "M178 178h112l30 10v24l-30 10H178z", |c| {
            c.veil(p.second.shade(), 75, "M170 204h160v30H170z").veil(
                "#ffffff",
                35,
                "M180 184h110v6H180z",
            );
        });
        c.path("#d8b36a", "M318 188l46 12-46 12z")
            .line("#7a5d26", 2, "M330 200h30")
            .circle("#7a5d26", 330, 200, 3);
    });
    c.line(k.shade(), 4, "M96 322q20-24 36-6t32-6 36 4 40-10");
}

pub(super) fn yoga(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(204, 322, 144);
    c.shape(k.fill(), "M112 196h228q18 0 18 20v104H112z", |c| {
        c.rect(k.light(), 100, 196, 270, 16, 0).veil(k.shade(), 80, "M100 286h270v50H100z");
        for step in 0..16 {
            c.line(k.shade(), 2, &format!("M{} 214v70", 172 + step * 12));
        }
    });
    for (r, fill) in [
        (62, k.shade()),
        (54, k.light()),
        (46, k.fill()),
        (38, k.light()),
        (30, k.fill()),
        (22, k.light()),
        (12, k.shade()),
    ] {
        c.circle(fill, 114, 258, r);
    }
    c.rect(p.second.fill(), 206, 194, 18, 128, 4).rect(p.second.fill(), 294, 194, 18, 128, 4).line(
        p.second.shade(),
        10,
        "M216 196C220 110 300 110 304 196",
    );
}

pub(super) fn ball(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 330, 98);
    c.shape(k.fill(), "M200 70a126 126 0 1 1 0 252a126 126 0 0 1 0-252z", |c| {
        match p.pick(2) {
            0 => {
                c.path(p.second.fill(), "M200 60q-90 130 0 280h-140V60z")
                    .path("#fdfaf2", "M200 60q-50 130 0 280q70-140 0-280z");
            }
            _ => {
                c.line(
                    k.shade(),
                    7,
                    "M70 196h260M200 60v280M110 96q60 100 0 200M290 96q-60 100 0 200",
                );
            }
        }
        c.veil(k.shade(), 45, "M270 80q60 110-60 236q150 10 140-120z").veil(
            "#ffffff",
            38,
            "M118 150q20-50 74-58q-44 28-50 70z",
        );
    });
}

pub(super) fn puzzle(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    let piece = "M0 0h36q-8-26 12-26t12 26h36v36q26-8 26 12t-26 12v36H0z";
    let places = [
        (104, 120, 0, k.fill()),
        (212, 150, 8, p.second.fill()),
        (96, 232, -6, "#e2a03a"),
        (214, 252, 4, k.light()),
    ];
    for (x, y, turn, fill) in places {
        c.moved(&format!("translate({x} {y}) rotate({turn} 48 48)"), |c| {
            c.moved("translate(5 8)", |c| {
                c.veil("#1c1f1b", 14, piece);
            });
            c.shape(fill, piece, |c| {
                c.veil("#ffffff", 30, "M6 6h28v5H6zM6 6h5v84H6z").veil(
                    "#1c1f1b",
                    10,
                    "M0 86h130v14H0z",
                );
            });
        });
    }
}

pub(super) fn book(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(204, 326, 124);
    c.shape(p.second.fill(), "M96 268h206q14 0 14 14v26q0 14-14 14H96q-20-26 0-54z", |c| {
        c.rect("#f6f1e4", 104, 278, 220, 34, 4).line("#ddd4c0", 2, "M110 290h200M110 300h200");
        c.veil(p.second.shade(), 60, "M80 312h240v14H80z");
    });
    c.moved("rotate(-4 200 180)", |c| {
        c.rect("#f6f1e4", 128, 72, 160, 192, 6).line("#ddd4c0", 2, "M284 80v176M280 80v176");
        c.shape(k.fill(), "M116 66h158q8 0 8 8v184q0 8-8 8H116z", |c| {
            c.rect(k.shade(), 110, 60, 24, 220, 0).veil("#ffffff", 18, "M140 60h8v220h-8z");
            c.circle(p.second.light(), 208, 196, 40)
                .path(k.light(), "M130 220q30-26 60-4t50-10 60 8v70H130z");
        });
        c.rect("#fdfaf2", 160, 88, 98, 46, 4).rect(k.shade(), 174, 100, 70, 7, 3).rect(
            k.light(),
            186,
            116,
            46,
            5,
            2,
        );
        c.path(p.second.shade(), "M246 60h16v50l-8-9-8 9z");
    });
}

pub(super) fn pet_bowl(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 322, 136);
    for (x, y) in [
        (140, 196),
        (170, 180),
        (204, 174),
        (238, 182),
        (266, 196),
        (156, 204),
        (190, 198),
        (224, 200),
    ] {
        c.circle("#a9743f", x, y, 19).circle("#c08a52", x - 3, y - 4, 13);
    }
    c.ellipse(k.light(), 200, 212, 116, 22).ellipse("#8a5c30", 200, 212, 100, 15);
    for (x, y) in [(150, 206), (186, 202), (222, 204), (254, 208)] {
        c.circle("#b57f49", x, y, 14).circle("#cb9860", x - 2, y - 3, 9);
    }
    c.shape(k.fill(), "M84 212q116 34 232 0l26 88q4 20-18 20H76q-22 0-18-20z", |c| {
        c.veil(k.shade(), 65, "M272 190h90v140H250z").veil("#ffffff", 32, "M92 226l18 5-20 80H76z");
    });
    c.circle("#fdfaf2", 200, 282, 13).circle("#fdfaf2", 178, 262, 8).circle("#fdfaf2", 193, 252, 8);
    c.circle("#fdfaf2", 210, 252, 8).circle("#fdfaf2", 224, 262, 8);
}
