//! Things to eat and drink, and the box they come in.

use super::Paint;
use super::paint::Canvas;

const KRAFT: &str = "#c99f6c";
const KRAFT_SHADE: &str = "#ad8350";
const PAPER: &str = "#fdfaf2";

pub(super) fn tea(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 100);
    c.shape(k.fill(), "M116 136h168v166q0 20-20 20H136q-20 0-20-20z", |c| {
        c.path(k.light(), "M100 322q30-80 70-80t50 40 60-60v110H100z").circle(
            p.second.light(),
            236,
            200,
            22,
        );
        c.veil(k.shade(), 60, "M252 120h50v220h-50z").veil("#ffffff", 32, "M128 130h12v180h-12z");
    });
    c.rect(PAPER, 150, 196, 100, 92, 8).line(
        k.shade(),
        5,
        "M200 268c-24-16-28-40-2-62c24 22 28 46 2 62zM200 270v-40",
    );
    c.rect(k.shade(), 168, 274, 64, 5, 2);
    c.shape(k.shade(), "M108 112q0-26 26-26h132q26 0 26 26v32H108z", |c| {
        c.veil("#ffffff", 22, "M120 80h14v70h-14z");
        c.rect(k.fill(), 100, 136, 200, 10, 0);
    });
    c.ellipse(k.light(), 200, 88, 20, 7);
}

pub(super) fn coffee(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(196, 326, 108);
    c.shape(k.fill(), "M118 104h154l14 200q2 20-18 20H122q-20 0-18-20z", |c| {
        c.veil(k.shade(), 70, "M236 96h60v240h-48z").veil("#ffffff", 25, "M124 110h12l-8 200h-14z");
        c.path(k.shade(), "M118 104l20 36-30 170V104z");
    });
    c.rect(k.shade(), 112, 82, 166, 30, 5).rect(k.light(), 112, 82, 166, 8, 3);
    c.rect(p.second.light(), 142, 170, 108, 108, 8).moved("rotate(24 196 214)", |c| {
        c.ellipse("#6b4630", 196, 214, 22, 32).line(
            p.second.light(),
            4,
            "M196 184q-12 16 0 30t0 30",
        );
    });
    c.rect(p.second.shade(), 158, 256, 76, 6, 3);
    for (x, y, turn) in [(296, 306, 20), (318, 316, 80), (284, 320, 140), (304, 322, 50)] {
        c.moved(&format!("rotate({turn} {x} {y})"), |c| {
            c.ellipse("#6b4630", x, y, 12, 8).line(
                "#4d3020",
                2,
                &format!("M{} {y}q6-4 10 0t10 0", x - 10),
            );
        });
    }
}

pub(super) fn snacks(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 104);
    c.shape(k.fill(), "M112 96q88-16 176 0l-6 104 10 118q-92 16-184 0l10-118z", |c| {
        c.path(p.second.fill(), "M90 250q60-60 120-30t110-30v160H90z").veil(
            k.shade(),
            50,
            "M248 80h60v260h-50z",
        );
        c.veil("#ffffff", 32, "M124 110q8-4 14-4l-4 90 6 110h-16l-6-106z");
    });
    for step in 0..16 {
        let x = 112 + step * 11;
        c.path(k.light(), &format!("M{x} 98l6-12 5 12z"))
            .path(k.shade(), &format!("M{x} 316l6 12 5-12z"));
    }
    c.ellipse(PAPER, 200, 168, 66, 34).rect(k.shade(), 160, 156, 80, 10, 5).rect(
        k.fill(),
        174,
        174,
        52,
        7,
        3,
    );
    for (x, y) in [(164, 258), (220, 244), (204, 288), (256, 276)] {
        c.circle("#d69a4c", x, y, 20).circle("#e8b56c", x - 2, y - 2, 16);
        c.circle("#6b4630", x - 6, y - 4, 3).circle("#6b4630", x + 6, y + 2, 3).circle(
            "#6b4630",
            x - 2,
            y + 8,
            3,
        );
    }
}

pub(super) fn honey(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 104);
    c.shape(
        "#e9b04a",
        "M128 146h144q26 14 26 44v102q0 30-30 30H132q-30 0-30-30V190q0-30 26-44z",
        |c| {
            c.veil("#c9862a", 70, "M244 130h70v210h-70z").veil(
                "#fbe3a8",
                80,
                "M116 180q4-20 16-26v150q-16-4-16-20z",
            );
            c.rect("#f7dca0", 100, 140, 210, 18, 0);
        },
    );
    c.rect(PAPER, 124, 206, 152, 82, 8)
        .path(k.fill(), "M200 218l22 13v26l-22 13-22-13v-26z")
        .path(k.light(), "M200 228l13 8v16l-13 8-13-8v-16z");
    c.rect(k.shade(), 158, 274, 84, 5, 2);
    c.shape(k.fill(), "M104 152q14-56 96-56t96 56q-10 12-22 0-12 12-26 0-12 12-24 0-12 12-24 0-12 12-24 0-12 12-26 0-12 12-24 0-10 12-22 0z", |c| {
        c.veil(k.shade(), 55, "M250 90q30 30 30 70h30V90z");
        for (x, y) in [(150, 128), (186, 112), (226, 118), (200, 140), (260, 140)] {
            c.circle(p.second.light(), x, y, 6);
        }
    });
    c.line(p.second.fill(), 5, "M116 150q84 22 168 0")
        .path(p.second.fill(), "M196 158l-24 20 26-8 24 12z");
}

pub(super) fn noodles(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 322, 124);
    c.line("#8a4b32", 9, "M250 190L338 62").line("#a45d40", 9, "M272 194L362 78");
    c.ellipse("#f3d98f", 200, 196, 118, 44);
    for step in 0..7 {
        let x = 96 + step * 26;
        c.line("#e2bd62", 5, &format!("M{x} 200q14-46 40-40t30 34"));
    }
    c.ellipse("#fbf7ea", 146, 178, 30, 18)
        .ellipse("#f0a93c", 146, 178, 15, 10)
        .ellipse("#6f9a57", 214, 168, 24, 7);
    c.ellipse("#86b06c", 232, 180, 20, 6)
        .ellipse("#c9503e", 186, 160, 9, 6)
        .ellipse("#c9503e", 262, 196, 8, 5);
    c.shape(k.fill(), "M68 198q132 44 264 0q0 84-66 118H134q-66-34-66-118z", |c| {
        c.line(p.second.fill(), 8, "M60 232q140 44 280 0").line(
            k.light(),
            4,
            "M60 248q140 44 280 0",
        );
        c.veil(k.shade(), 65, "M262 190q10 80-40 140h120V190z").veil(
            "#ffffff",
            32,
            "M84 220q10 50 46 80q-34-6-52-60z",
        );
    });
    c.path(k.shade(), "M140 314h120l-8 12H148z");
}

pub(super) fn parcel(c: &mut Canvas, p: &Paint) {
    c.shadow(200, 324, 130);
    c.path(KRAFT, "M80 170l120 44v112L80 280z")
        .path(KRAFT_SHADE, "M320 170l-120 44v112l120-46z")
        .path("#dcb687", "M80 170l120-46 120 46-120 44z");
    c.path(p.colour.fill(), "M128 152l120 45v24l28-10v-24L158 141z")
        .path(PAPER, "M98 222l56 20v34l-56-21z");
    c.line(KRAFT_SHADE, 3, "M106 234l38 14M106 244l28 10");
}
