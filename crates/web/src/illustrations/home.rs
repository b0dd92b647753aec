//! Things which make a room.

use super::Paint;
use super::paint::Canvas;

const BRASS: &str = "#cfa75c";
const LEAF: &str = "#5f8a5a";
const LEAF_LIGHT: &str = "#86ad76";
const LEAF_SHADE: &str = "#44694a";

pub(super) fn lamp(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#fff0b8", 55, "M118 180L40 330h320l-78-150z").shadow(200, 326, 84);
    c.rect(BRASS, 195, 176, 10, 138, 3).shape(k.shade(), "M136 322q0-24 64-24t64 24z", |c| {
        c.veil("#ffffff", 20, "M140 322q10-18 50-20v20z");
    });
    c.line(BRASS, 3, "M240 182v44").circle(BRASS, 240, 230, 5);
    c.shape(k.fill(), "M152 72h96l46 114H106z", |c| {
        c.veil(k.shade(), 70, "M222 60h90v140h-46z").veil("#ffffff", 35, "M154 72h14l-38 114h-18z");
        if p.pick(2) == 0 {
            for x in [-2, -1, 0, 1, 2] {
                c.line(k.light(), 3, &format!("M{} 70L{} 190", 200 + x * 18, 200 + x * 36));
            }
        } else {
            c.rect(p.second.fill(), 90, 166, 220, 10, 0);
        }
    });
    c.ellipse("#fff6d6", 200, 186, 94, 9);
}

pub(super) fn candle(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.circle("#fff1c4", 200, 116, 64).circle("#fff8e2", 200, 116, 40).shadow(200, 326, 100);
    c.shape(k.light(), "M112 168h176v126q0 28-28 28H140q-28 0-28-28z", |c| {
        c.veil(k.fill(), 75, "M100 196h200v140H100z")
            .veil(k.shade(), 60, "M246 150h60v190h-60z")
            .veil("#ffffff", 40, "M124 160h14v150q-14-6-14-20z");
    });
    c.ellipse(k.shade(), 200, 168, 88, 18)
        .ellipse("#fdf7e8", 200, 169, 78, 14)
        .ellipse("#fffdf6", 200, 167, 34, 6);
    c.line("#4a3a2e", 4, "M200 168v-24")
        .path("#f3a63b", "M200 84c26 34 22 62 0 64c-22-2-26-30 0-64z")
        .path("#fde79b", "M200 112c12 16 10 30 0 32c-10-2-12-16 0-32z");
    c.rect("#fdfbf6", 150, 216, 100, 70, 6)
        .rect(k.shade(), 168, 234, 64, 7, 3)
        .rect(k.fill(), 178, 252, 44, 5, 2)
        .rect(k.fill(), 186, 264, 28, 4, 2);
}

pub(super) fn plant(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 92);
    match p.pick(3) {
        0 => {
            for (turn, fill) in [
                (-58, LEAF_SHADE),
                (58, LEAF_SHADE),
                (-34, LEAF),
                (34, LEAF),
                (-12, LEAF_LIGHT),
                (14, LEAF),
            ] {
                c.moved(&format!("rotate({turn} 200 230)"), |c| {
                    c.path(fill, "M200 230c-34-60-24-130 0-176c24 46 34 116 0 176z").line(
                        LEAF_SHADE,
                        3,
                        "M200 226V82",
                    );
                });
            }
        }
        1 => {
            c.line(LEAF_SHADE, 5, "M200 236q-10-90-60-130M200 236q0-100 8-160M200 236q14-80 70-110M200 230q-40-30-92-26M200 230q40-24 92-16");
            for (x, y, r) in [
                (140, 106, 30),
                (208, 78, 32),
                (270, 124, 30),
                (112, 200, 26),
                (290, 212, 26),
                (176, 152, 24),
                (240, 170, 24),
            ] {
                c.circle(LEAF, x, y, r).veil(
                    LEAF_LIGHT,
                    90,
                    &format!("M{} {y}a{r} {r} 0 0 1 {r}-{r}q4 20-{r} {r}z", x - r),
                );
            }
        }
        _ => {
            c.shape(LEAF, "M164 234V120a36 40 0 0 1 72 0v114z", |c| {
                for x in [182, 200, 218] {
                    c.line(LEAF_LIGHT, 3, &format!("M{x} 80v160"));
                }
            });
            c.path(LEAF, "M166 190h-26q-22 0-22-24v-22q0-10 10-10t10 10v18q0 8 8 8h20zM234 210h26q22 0 22-24v-34q0-10-10-10t-10 10v30q0 8-8 8h-20z");
            c.circle(p.second.fill(), 200, 78, 13).circle(p.second.light(), 200, 78, 6);
        }
    }
    c.rect(k.light(), 124, 224, 152, 30, 8).shape(
        k.fill(),
        "M134 252h132l-14 60q-2 10-12 10h-80q-10 0-12-10z",
        |c| {
            c.veil(k.shade(), 70, "M226 250h50v80h-60z").line(
                p.second.light(),
                6,
                "M130 284l14-12 14 12 14-12 14 12 14-12 14 12 14-12 14 12 14-12 14 12",
            );
        },
    );
    c.rect(k.shade(), 124, 248, 152, 6, 2);
}

pub(super) fn towel(c: &mut Canvas, p: &Paint) {
    c.shadow(200, 324, 138);
    let folds = [
        (p.second.fill(), p.second.shade(), p.second.light(), 262),
        (p.colour.fill(), p.colour.shade(), p.colour.light(), 204),
        (p.colour.light(), p.colour.fill(), "#ffffff", 146),
    ];
    for (fill, shade, light, y) in folds {
        c.shape(fill, &format!("M82 {y}h220a29 29 0 0 1 0 58H82q-12-29 0-58z"), |c| {
            c.rect(shade, 70, y + 27, 230, 4, 2).veil(shade, 45, &format!("M280 {y}h60v60h-60z"));
            c.rect(light, 120, y, 12, 58, 0).rect(light, 140, y, 5, 58, 0).veil(
                "#ffffff",
                25,
                &format!("M82 {}h210v8H82z", y + 5),
            );
        });
    }
    c.moved("rotate(-8 240 118)", |c| {
        c.line("#7d9a6d", 4, "M196 140q50-10 96-44")
            .ellipse("#96b184", 224, 122, 7, 15)
            .ellipse("#86a374", 252, 108, 7, 15)
            .ellipse("#96b184", 248, 130, 14, 6);
    });
}

pub(super) fn pillow(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 136);
    let body = "M78 112q10-20 34-12 88 14 176 0 24-8 34 12 8 14 2 34-14 56 0 122 6 22-2 36-10 20-34 12-88-14-176 0-24 8-34-12-8-14-2-36 14-66 0-122-6-20 2-34z";
    c.shape(k.fill(), body, |c| {
        match p.pick(3) {
            0 => {
                for step in 0..6 {
                    c.line(
                        p.second.light(),
                        8,
                        &format!("M60 {}q35-30 70 0t70 0 70 0 70 0", 130 + step * 34),
                    );
                }
            }
            1 => {
                for row in 0..4 {
                    for column in 0..4 {
                        c.path(
                            p.second.fill(),
                            &format!(
                                "M{} {}l14 18-14 18-14-18z",
                                122 + column * 52,
                                120 + row * 46
                            ),
                        );
                    }
                }
            }
            _ => {
                c.circle(p.second.fill(), 200, 220, 58)
                    .path(k.light(), "M70 240q40-40 80-10t70-10 110 10v120H70z");
            }
        }
        c.veil(k.shade(), 50, "M280 90q40 110 0 230h60V90z").veil(
            "#ffffff",
            25,
            "M96 116q12-8 22-2q-14 80 0 170l-16 6q-16-80-6-174z",
        );
    });
    for (x, y) in [(80, 110), (320, 110), (80, 306), (320, 306)] {
        c.circle(p.second.shade(), x, y, 9);
    }
}

pub(super) fn clock(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 104);
    c.line(k.shade(), 14, "M140 296l-18 26M260 296l18 26");
    c.circle(k.shade(), 204, 196, 122)
        .circle(k.fill(), 200, 192, 122)
        .circle("#fdfaf2", 200, 192, 98)
        .ring("#e8e1d2", 4, 200, 192, 94);
    for hour in 0..12 {
        c.moved(&format!("rotate({} 200 192)", hour * 30), |c| {
            c.rect(
                if hour % 3 == 0 { "#2b2f35" } else { "#b7b2a6" },
                197,
                106,
                6,
                if hour % 3 == 0 { 18 } else { 10 },
                3,
            );
        });
    }
    c.line("#2b2f35", 9, "M200 192l-38-30")
        .line("#2b2f35", 6, "M200 192l20-68")
        .line(p.second.fill(), 3, "M186 224l36-82")
        .circle(p.second.fill(), 200, 192, 8);
    c.veil("#ffffff", 30, "M92 160q20-66 84-82q-56 36-64 96z");
}

pub(super) fn vase(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 84);
    c.line(LEAF_SHADE, 4, "M200 180Q190 110 150 70M200 180Q204 100 208 50M200 180Q214 120 262 84");
    for (x, y) in [(150, 70), (208, 50), (262, 84)] {
        for turn in 0..6 {
            c.moved(&format!("rotate({} {x} {y})", turn * 60), |c| {
                c.ellipse(p.second.fill(), x, y - 15, 9, 15);
            });
        }
        c.circle("#f4d77c", x, y, 8);
    }
    c.ellipse(LEAF, 170, 130, 22, 8).ellipse(LEAF_LIGHT, 236, 134, 22, 8);
    c.shape(
        k.fill(),
        "M168 160h64q-4 24 24 52 34 34 20 80-8 30-36 30h-80q-28 0-36-30-14-46 20-80 28-28 24-52z",
        |c| {
            if p.pick(2) == 0 {
                c.rect(k.light(), 100, 236, 200, 12, 0).rect(p.second.fill(), 100, 256, 200, 26, 0);
            } else {
                c.path(k.light(), "M110 270q24-20 46 0t46 0 46 0 50 0v60H110z");
            }
            c.veil(k.shade(), 65, "M238 150q60 80 14 180h60V150z").veil(
                "#ffffff",
                35,
                "M150 280q-8-40 30-70q-18 30-14 76z",
            );
        },
    );
    c.ellipse(k.light(), 200, 160, 34, 8).ellipse(k.shade(), 200, 161, 26, 5);
}

pub(super) fn watering_can(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(196, 324, 130);
    c.line(k.shade(), 16, "M250 184C330 130 356 270 268 280").line(
        k.fill(),
        10,
        "M248 182C326 130 350 268 266 278",
    );
    c.shape(k.fill(), "M150 280L72 150l22-14 78 96z", |c| {
        c.veil("#ffffff", 25, "M72 146l14-8 74 110-10 10z");
    });
    c.path(k.shade(), "M50 166l58-44 8 12-58 44z").path(k.light(), "M46 160l58-44 6 8-58 44z");
    c.shape(k.fill(), "M140 178h124l14 128q2 16-16 16H142q-18 0-16-16z", |c| {
        c.rect(k.light(), 110, 214, 190, 12, 0).rect(k.light(), 110, 282, 190, 12, 0);
        c.veil(k.shade(), 65, "M236 170h60v160h-50z").veil(
            "#ffffff",
            30,
            "M150 178h12l-8 140h-14z",
        );
    });
    c.ellipse(k.shade(), 202, 178, 62, 13).ellipse("#2a3a34", 202, 179, 50, 8);
    for (x, y) in [(44, 196), (62, 214), (34, 228), (54, 246), (74, 232)] {
        c.path("#83b4d8", &format!("M{x} {y}q8 12 0 17q-8-5 0-17z"));
    }
}
