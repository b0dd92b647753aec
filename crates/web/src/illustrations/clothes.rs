//! Things to wear and carry.

use super::Paint;
use super::paint::Canvas;

pub(super) fn scarf(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(204, 348, 96);
    let tail = |c: &mut Canvas, d: &str, turn: i32| {
        c.shape(k.fill(), d, |c| {
            c.moved(&format!("rotate({turn} 200 260)"), |c| stripes(c, p));
            c.veil(k.shade(), 45, "M244 150h70v220h-70z");
        });
    };
    for step in 0..6 {
        c.line(k.shade(), 5, &format!("M{} 322l-3 26", 128 + step * 12)).line(
            k.fill(),
            5,
            &format!("M{} 338l4 24", 218 + step * 12),
        );
    }
    tail(c, "M158 170l62 8-20 150h-78z", 8);
    tail(c, "M186 170l70 0 30 170h-74z", -8);
    c.shape(k.light(), "M92 128C92 70 308 70 308 128c0 56-60 84-108 84s-108-28-108-84z", |c| {
        c.veil(k.fill(), 100, "M80 140c60 40 180 40 240 0v90H80z");
        c.path(k.shade(), "M132 118c20-26 116-26 136 0-20 22-116 22-136 0z");
        for x in [104, 140, 250, 284] {
            c.line(p.second.fill(), 8, &format!("M{x} 130q8 50 {} 80", (200 - x) / 4));
        }
    });
    c.shape(k.fill(), "M166 160q34-16 70 4l-4 56q-32 14-62-2z", |c| {
        c.veil(k.shade(), 60, "M212 150h40v90h-46z");
        c.line(k.light(), 4, "M180 168q-4 24 2 46M198 166q-2 26 0 50");
    });
}

fn stripes(c: &mut Canvas, p: &Paint) {
    let wide = p.pick(3) == 0;
    for step in 0..5 {
        let y = 190 + step * 34;
        c.rect(p.second.fill(), 60, y, 280, if wide { 16 } else { 8 }, 0);
        if !wide {
            c.rect(p.colour.light(), 60, y + 13, 280, 4, 0);
        }
    }
    if p.pick(3) == 1 {
        for step in 0..7 {
            c.rect(p.colour.light(), 110 + step * 28, 140, 4, 240, 0);
        }
    }
}

pub(super) fn tshirt(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#1c1f1b", 10, "M130 104l-58 34-30 70 44 24 26-30v132h190V202l26 30 44-24-30-70-58-34z");
    let body = "M150 84L96 108q-12 6-18 20L48 192l46 28 22-32v136q0 8 8 8h152q8 0 8-8V188l22 32 46-28-30-64q-6-14-18-20L250 84q-50 34-100 0z";
    c.shape(k.fill(), body, |c| {
        match p.pick(4) {
            0 => {
                for step in 0..6 {
                    c.rect(p.second.light(), 40, 150 + step * 32, 330, 12, 0);
                }
            }
            1 => {
                c.circle(p.second.fill(), 200, 204, 40)
                    .path(k.light(), "M150 214q26-20 50 0t52-4v36H150z");
            }
            2 => {
                c.rect(k.shade(), 196, 100, 8, 240, 0).rect(k.shade(), 222, 168, 46, 52, 6).rect(
                    k.light(),
                    222,
                    168,
                    46,
                    8,
                    2,
                );
                for y in [140, 184, 228, 272] {
                    c.circle(p.second.light(), 200, y, 5);
                }
            }
            _ => {
                c.rect(k.light(), 222, 162, 50, 56, 7).rect(k.shade(), 222, 162, 50, 9, 3);
            }
        }
        c.veil(k.shade(), 55, "M262 150q20 90-4 200h60V140z").veil(
            k.shade(),
            70,
            "M116 186v50l-14-28zM284 186v50l14-28z",
        );
        c.veil("#ffffff", 22, "M124 200h12v120h-12z");
    });
    c.path(k.shade(), "M150 84q50 34 100 0l8 6q-58 50-116 0z").stitches(k.shade(), "M122 320h156");
}

pub(super) fn dress(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#1c1f1b", 10, "M172 70l66 0 14 110 74 160q-120 30-240 4l62-162z");
    c.shape(
        k.fill(),
        "M160 58q4 34 40 34t40-34l18 4q2 60-8 98l62 168q-112 34-224 0l62-168q-10-38-8-98z",
        |c| {
            match p.pick(3) {
                0 => {
                    for (x, y) in [
                        (150, 110),
                        (190, 130),
                        (238, 118),
                        (164, 210),
                        (214, 226),
                        (140, 276),
                        (186, 290),
                        (240, 284),
                        (276, 310),
                        (120, 318),
                        (222, 322),
                    ] {
                        c.circle(p.second.light(), x, y, 7).circle(p.second.shade(), x, y, 2);
                    }
                }
                1 => {
                    c.path(p.second.fill(), "M80 300q120 34 240 0v60H80z")
                        .path(k.light(), "M80 286q120 34 240 0v12q-120 34-240 0z");
                }
                _ => {}
            }
            c.veil(k.shade(), 60, "M226 160q40 80 44 190h70L250 150z");
            c.line(k.shade(), 4, "M176 176q-20 70-36 160M200 178v164M222 176q14 60 26 160");
            c.veil("#ffffff", 25, "M160 180l-54 140h16l48-140z");
        },
    );
    c.rect(p.second.shade(), 148, 158, 104, 15, 6);
}

pub(super) fn trousers(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.veil("#1c1f1b", 10, "M140 74h140l26 268h-78l-24-190-22 190h-78z");
    c.shape(k.fill(), "M134 62h132l32 270q-36 10-74 0L202 160l-26 172q-38 10-74 0z", |c| {
        c.veil(k.shade(), 60, "M236 60h60v300h-30z").veil(
            k.shade(),
            60,
            "M176 330l26-170 8 20-20 160z",
        );
        c.line(k.light(), 3, "M146 120l-26 200M252 120l22 200");
        c.line(k.shade(), 4, "M142 92q20 26 -4 44M258 92q-20 26 4 44M201 84v60q-2 14-14 18");
        c.path(k.light(), "M96 318h90v20H96zM214 318h90v20h-90z");
    });
    c.rect(k.shade(), 132, 58, 136, 24, 5)
        .rect(p.second.fill(), 190, 56, 22, 28, 4)
        .circle("#e8e4da", 201, 70, 5);
    for x in [150, 240] {
        c.rect(k.light(), x, 56, 8, 28, 3);
    }
}

pub(super) fn shoes(c: &mut Canvas, p: &Paint) {
    c.shadow(200, 312, 140);
    c.moved("translate(34 -50)", |c| shoe(c, p, true));
    c.moved("translate(-14 0)", |c| shoe(c, p, false));
}

fn shoe(c: &mut Canvas, p: &Paint, behind: bool) {
    let k = p.colour;
    let (fill, shade) = if behind { (k.shade(), k.shade()) } else { (k.fill(), k.shade()) };
    c.path(shade, "M84 196q46-10 62 6l-20 30-40-8z");
    c.shape(fill, "M80 200q30 22 66 2l26-24q14 44 64 56l64 16q36 10 36 36v6H72q-8-50 8-92z", |c| {
        c.veil(k.shade(), 70, "M70 262h280v40H70z")
            .path(k.light(), "M270 240q68 10 70 60h-50q-30-10-20-60z");
        c.path(p.second.fill(), "M96 292l56-70 22 14-40 56zM160 292l40-50 20 8-32 42z");
    });
    for (x, y) in [(178, 196), (194, 212), (212, 224)] {
        c.line("#fbfaf6", 6, &format!("M{x} {y}l-22 18"));
    }
    c.path("#f4f1ea", "M66 286h272q6 0 6 8 0 18-18 18H84q-18 0-18-18z")
        .path("#dad5c9", "M66 300h278q-2 12-18 12H84q-16 0-18-12z");
}

pub(super) fn bag(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 116);
    if p.pick(2) == 0 {
        c.line(k.shade(), 12, "M152 160C140 40 260 40 248 160").line(
            k.light(),
            4,
            "M156 150C146 56 254 56 244 150",
        );
        c.shape(k.fill(), "M104 142h192l18 164q2 18-16 18H102q-18 0-16-18z", |c| {
            c.veil(k.shade(), 65, "M250 130h70v210h-50z").veil(
                "#ffffff",
                22,
                "M116 150h14l-12 160h-14z",
            );
            c.circle(p.second.fill(), 200, 234, 42)
                .path(k.light(), "M150 246q26-18 50 0t52-4v40H150z");
        });
        c.stitches(k.light(), "M108 156h184").circle(k.shade(), 152, 160, 7).circle(
            k.shade(),
            248,
            160,
            7,
        );
    } else {
        c.line(k.shade(), 14, "M172 96q0-36 28-36t28 36").line(
            k.shade(),
            18,
            "M112 190q-30 60-10 110M288 190q30 60 10 110",
        );
        c.shape(k.fill(), "M116 160q0-72 84-72t84 72v138q0 26-26 26H142q-26 0-26-26z", |c| {
            c.veil(k.shade(), 60, "M248 80h50v260h-50z").veil(
                "#ffffff",
                25,
                "M126 150q4-30 20-44v200h-20z",
            );
        });
        c.shape(k.light(), "M138 214h124v74q0 18-18 18h-88q-18 0-18-18z", |c| {
            c.veil(k.shade(), 50, "M230 200h50v120h-50z");
        });
        c.line(k.shade(), 4, "M140 214h120").rect(p.second.fill(), 188, 206, 24, 34, 5).rect(
            p.second.shade(),
            176,
            128,
            48,
            30,
            5,
        );
    }
}

pub(super) fn cap(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(196, 290, 140);
    c.shape(k.fill(), "M72 246C66 140 132 96 196 96s118 50 116 150z", |c| {
        c.veil(k.shade(), 60, "M240 90q50 60 40 170h50V90z").line(
            k.shade(),
            4,
            "M196 96v150M196 98q-70 40-76 148M196 98q64 40 66 148",
        );
        c.veil("#ffffff", 25, "M92 220q4-70 60-104q-40 50-44 110z");
    });
    c.circle(k.shade(), 196, 94, 9).shape(
        p.second.fill(),
        "M60 246h196q80 2 116 34q-110 24-312-12z",
        |c| {
            c.veil(p.second.shade(), 80, "M50 262q160 40 330 10v30H50z");
            c.stitches(p.second.light(), "M74 254h176q60 2 96 20");
        },
    );
    c.circle(k.light(), 164, 190, 24)
        .path(p.second.fill(), "M164 174l5 11 12 1-9 8 3 12-11-6-11 6 3-12-9-8 12-1z");
}

pub(super) fn umbrella(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(190, 344, 70);
    c.line("#5b4636", 8, "M200 70v232q0 32-28 32t-28-26").rect("#4a5157", 196, 44, 8, 34, 4);
    let canopy = "M40 212C46 118 116 68 200 68s154 50 160 144q-26-24-54 0-26-24-53 0-26-24-53 0-26-24-53 0-27-24-53 0-28-24-54 0z";
    c.shape(k.fill(), canopy, |c| {
        c.path(k.light(), "M200 68q-84 50-106 150h53q10-100 53-150z")
            .path(k.shade(), "M200 68q84 50 106 150h60V68z");
        if p.pick(2) == 0 {
            c.path(
                p.second.fill(),
                "M200 68q-34 60-53 150h53zM200 68q70 60 106 150h-53q-10-100-53-150z",
            );
        }
    });
}

pub(super) fn socks(c: &mut Canvas, p: &Paint) {
    c.shadow(206, 326, 120);
    c.moved("translate(70 -14) rotate(6 200 200)", |c| sock(c, p, true));
    c.moved("translate(-30 0)", |c| sock(c, p, false));
}

fn sock(c: &mut Canvas, p: &Paint, behind: bool) {
    let k = p.colour;
    let (fill, second) =
        if behind { (k.shade(), p.second.shade()) } else { (k.fill(), p.second.fill()) };
    c.shape(
        fill,
        "M120 84h88v130q4 20 26 34l46 30q24 18 6 38-14 14-42 6l-92-30q-32-10-32-48z",
        |c| {
            for step in 0..4 {
                c.rect(second, 90, 140 + step * 30, 140, 10, 0);
            }
            c.circle(second, 282, 306, 44).circle(second, 128, 290, 32).veil(
                k.shade(),
                45,
                "M186 120h40v120l-20 10z",
            );
        },
    );
    c.rect(second, 114, 76, 100, 36, 10);
    for step in 0..8 {
        c.line(fill, 2, &format!("M{} 82v24", 124 + step * 11));
    }
}
