//! Things for cooking and the table.

use super::Paint;
use super::paint::Canvas;

const STEEL: &str = "#c9ced2";
const STEEL_SHADE: &str = "#9ca4aa";
const WOOD: &str = "#b98a5c";
const WOOD_SHADE: &str = "#9a6f45";

pub(super) fn kettle(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(204, 324, 124);
    c.line("#2a2f35", 16, "M142 156C140 66 262 66 262 156").line(
        WOOD,
        16,
        "M158 98C176 78 228 78 246 98",
    );
    c.shape(k.fill(), "M128 236C104 236 92 198 66 176l22-14c30 16 34 30 54 34z", |c| {
        c.veil("#ffffff", 30, "M66 170l22-10 30 26-14 10z");
    });
    c.shape(
        k.fill(),
        "M108 302C100 206 140 152 202 152s102 54 94 150q-2 18-20 18H128q-18 0-20-18z",
        |c| {
            c.veil(k.shade(), 75, "M236 150c40 40 50 110 24 180h60V150z");
            c.veil("#ffffff", 35, "M132 286c-6-60 10-96 40-116c-14 40-18 80-14 120z");
            c.rect(k.shade(), 90, 304, 230, 20, 0);
        },
    );
    c.ellipse(k.shade(), 202, 157, 52, 12)
        .ellipse(k.light(), 202, 152, 46, 10)
        .circle(WOOD, 202, 138, 13);
}

pub(super) fn mug(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(196, 324, 108);
    c.line(k.shade(), 24, "M268 190c66-12 66 94 -6 86").line(
        k.fill(),
        18,
        "M266 188c66-12 66 94 -6 86",
    );
    c.shape(k.fill(), "M112 148h166v126q0 46-46 46h-74q-46 0-46-46z", |c| {
        match p.pick(4) {
            0 => {
                c.rect(p.second.light(), 100, 220, 200, 14, 0).rect(
                    p.second.fill(),
                    100,
                    240,
                    200,
                    30,
                    0,
                );
            }
            1 => {
                for (x, y) in [
                    (134, 190),
                    (174, 214),
                    (214, 188),
                    (252, 216),
                    (140, 250),
                    (196, 262),
                    (238, 268),
                    (160, 290),
                ] {
                    c.circle(p.second.light(), x, y, 8);
                }
            }
            2 => {
                c.path(k.light(), "M100 246q28-22 48 0t48 0 48 0 48 0v90H100z");
            }
            _ => {
                c.line(
                    p.second.fill(),
                    5,
                    "M195 268v-56M195 240q-26-2-30-28q28 0 30 28M195 226q24-4 26-30q-26 2-26 30",
                );
            }
        }
        c.veil(k.shade(), 60, "M244 140h50v190h-72c24-40 30-120 22-190z").veil(
            "#ffffff",
            35,
            "M124 160h16v120q-16-20-16-60z",
        );
    });
    c.ellipse(k.light(), 195, 148, 83, 18)
        .ellipse("#5b3b2a", 195, 150, 72, 13)
        .ellipse("#7a5340", 186, 148, 44, 7);
    c.faint(35, |c| {
        c.line("#ffffff", 7, "M176 124c-12-20 12-28 0-50M212 120c-12-20 12-30 0-54");
    });
}

pub(super) fn plate(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#1c1f1b", 12, "M70 226a136 130 0 0 0 272 0z");
    c.circle(k.shade(), 202, 206, 136).circle(k.fill(), 200, 200, 136).ring(
        k.light(),
        5,
        200,
        200,
        126,
    );
    c.circle(k.shade(), 200, 200, 93).circle(k.light(), 202, 203, 91);
    for step in 0..16 {
        c.moved(&format!("rotate({} 200 200)", step * 45 / 2), |c| {
            if p.pick(2) == 0 {
                c.ellipse(p.second.fill(), 200, 90, 5, 10);
            } else {
                c.line(p.second.fill(), 4, "M192 96q8-16 16 0");
            }
        });
    }
    c.veil("#ffffff", 35, "M128 168q24-46 72-52q-50 28-56 78z");
}

pub(super) fn knife(c: &mut Canvas, p: &Paint) {
    c.moved("rotate(-32 200 200)", |c| {
        c.rect("#8d6540", 70, 134, 264, 156, 22).rect("#d3a878", 70, 126, 264, 156, 22);
        c.line("#c39462", 3, "M84 160h230M90 196h160M150 238h170").circle("#b98a5c", 310, 150, 9);
        c.veil("#1c1f1b", 14, "M60 212h190l90 12q-60 40-160 36H60z");
        c.shape("#e3e8ea", "M176 176h168q34 4 38 12q-70 52-206 48z", |c| {
            c.path("#c5ccd1", "M170 214q120 10 216-26v70H170z").veil(
                "#ffffff",
                70,
                "M180 182h150v6H180z",
            );
        });
        c.shape(p.colour.fill(), "M34 176q-12 0-12 14v22q0 14 12 14h144v-50z", |c| {
            c.veil(p.colour.shade(), 80, "M10 206h180v30H10z").veil(
                "#ffffff",
                30,
                "M34 182h130v6H34z",
            );
        });
        for x in [56, 96, 136] {
            c.circle(STEEL, x, 200, 6);
        }
        c.rect(STEEL_SHADE, 172, 174, 10, 56, 3);
    });
}

pub(super) fn pan(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(172, 318, 124);
    c.line(WOOD_SHADE, 22, "M284 220L382 166")
        .line(WOOD, 16, "M284 217L382 163")
        .circle(WOOD_SHADE, 374, 168, 5);
    c.shape(k.fill(), "M46 214h252l-18 72q-6 28-34 28H98q-28 0-34-28z", |c| {
        c.veil(k.shade(), 75, "M240 200h80v130H200c30-30 44-80 40-130z").veil(
            "#ffffff",
            30,
            "M62 224h24l14 74q-24-10-30-34z",
        );
    });
    c.ellipse(k.light(), 172, 214, 126, 34)
        .ellipse("#3a3f44", 172, 216, 114, 27)
        .ellipse("#4b5157", 164, 222, 92, 19);
    c.ellipse("#fbf7ea", 156, 220, 46, 13)
        .ellipse("#f4c64e", 150, 217, 16, 8)
        .ellipse("#7da05a", 226, 218, 12, 4);
    c.ellipse("#c9503e", 238, 226, 10, 5);
}

pub(super) fn bottle(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 70);
    c.line("#2a2f35", 9, "M176 78C172 34 228 34 224 78");
    c.shape("#2f353b", "M164 82q0-10 10-10h52q10 0 10 10v34h-72z", |c| {
        c.veil("#ffffff", 18, "M172 70h12v50h-12z");
    });
    c.shape(
        k.fill(),
        "M172 116h56q24 14 24 44v138q0 24-24 24h-56q-24 0-24-24V160q0-30 24-44z",
        |c| {
            c.veil(k.shade(), 75, "M226 100h40v240h-40z").veil(
                "#ffffff",
                38,
                "M158 150h10v150h-10z",
            );
            if p.pick(2) == 0 {
                c.rect(p.second.fill(), 130, 250, 140, 16, 0).rect(
                    p.second.light(),
                    130,
                    272,
                    140,
                    6,
                    0,
                );
            } else {
                c.path(k.light(), "M140 290l34-44 22 26 24-34 50 60v40H140z");
            }
        },
    );
    c.rect(STEEL, 168, 114, 64, 6, 3).circle(k.light(), 200, 196, 14);
}

pub(super) fn teapot(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(190, 320, 130);
    c.line(k.shade(), 18, "M96 188C28 178 40 292 108 276").line(
        k.fill(),
        12,
        "M96 186C28 176 40 290 108 274",
    );
    c.shape(k.fill(), "M254 250c40 0 42-54 72-66l-12-18c-40 4-40 44-66 50z", |c| {
        c.veil("#ffffff", 25, "M250 220c30-6 34-50 66-54l-8-6-70 50z");
    });
    c.shape(k.fill(), "M84 232a92 86 0 0 1 184 0q0 60-42 84h-100q-42-24-42-84z", |c| {
        match p.pick(3) {
            0 => {
                c.line(p.second.fill(), 5, "M110 280q40-70 120-60M150 246q-6-30 16-44M182 228q4-26 30-30M206 224q20 10 40-6");
                c.circle(p.second.light(), 168, 198, 9).circle(p.second.light(), 214, 194, 8).circle(p.second.light(), 248, 214, 7);
            }
            1 => {
                c.rect(p.second.light(), 60, 232, 240, 8, 0).rect(p.second.fill(), 60, 246, 240, 20, 0);
            }
            _ => {
                c.path(k.light(), "M60 250q30-20 56 0t56 0 56 0 56 0v80H60z");
            }
        }
        c.veil(k.shade(), 65, "M226 140c34 60 24 130-20 180h80V140z").veil("#ffffff", 35, "M104 240c0-40 20-62 46-70c-20 24-26 50-24 84z");
    });
    c.ellipse(k.shade(), 176, 152, 50, 12)
        .ellipse(k.fill(), 176, 147, 50, 12)
        .circle(WOOD, 176, 130, 13);
    c.shape(k.light(), "M286 282h74q0 38-24 38h-26q-24 0-24-38z", |c| {
        c.veil(k.shade(), 60, "M336 270h40v60h-50z");
    });
    c.ellipse("#a9692f", 323, 283, 34, 6);
}
