//! Things for skin and hair.

use super::Paint;
use super::paint::Canvas;

const GOLD: &str = "#d8b36a";
const GOLD_SHADE: &str = "#b8924a";

pub(super) fn lipstick(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 110);
    c.shape(k.fill(), "M132 176v-66q0-14 14-24l34-26q8-4 8 8v108z", |c| {
        c.veil(k.shade(), 80, "M166 40h40v150h-40z").veil(
            k.light(),
            90,
            "M132 112l56-44v14l-56 44z",
        );
    });
    c.rect(GOLD, 124, 168, 72, 52, 4)
        .rect(GOLD_SHADE, 174, 168, 22, 52, 4)
        .rect("#f0dcae", 132, 168, 8, 52, 0);
    c.shape("#2b2f35", "M112 214h96v100q0 8-8 8h-80q-8 0-8-8z", |c| {
        c.veil("#ffffff", 22, "M122 210h12v120h-12z");
        c.rect(GOLD, 100, 232, 120, 5, 0);
    });
    c.shape("#2b2f35", "M236 196q0-10 10-10h56q10 0 10 10v118q0 8-8 8h-60q-8 0-8-8z", |c| {
        c.veil("#ffffff", 20, "M246 180h10v150h-10z");
        c.rect(GOLD, 220, 300, 110, 5, 0);
    });
    c.faint(90, |c| {
        c.line(k.fill(), 16, "M244 122q30-34 76-22").line(k.light(), 5, "M248 116q28-26 66-20");
    });
}

pub(super) fn cream(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 124);
    c.shape(k.light(), "M96 222h208v66q0 34-34 34H130q-34 0-34-34z", |c| {
        c.veil(k.fill(), 70, "M230 200h90v140h-90z").veil(
            "#ffffff",
            55,
            "M108 226h16v80q-16-10-16-30z",
        );
        c.rect("#fdfbf6", 140, 244, 120, 50, 4).rect(k.shade(), 158, 258, 84, 7, 3).rect(
            k.fill(),
            172,
            274,
            56,
            5,
            2,
        );
    });
    c.ellipse(k.shade(), 200, 222, 104, 24).ellipse("#fdfaf3", 200, 218, 96, 20);
    c.path("#ffffff", "M136 214q30-26 70-10t58-4q-8 22-60 22t-68-8z")
        .path("#f0e9db", "M160 214q30-10 52-2t40 0q-20 12-50 10t-42-8z");
    c.moved("rotate(-14 270 140)", |c| {
        c.shape(k.fill(), "M196 120a74 20 0 0 1 148 0v34a74 20 0 0 1-148 0z", |c| {
            c.veil(k.shade(), 80, "M300 90h60v100h-60z");
        });
        c.ellipse(k.light(), 270, 120, 74, 20).ellipse(k.fill(), 270, 120, 58, 14);
    });
    c.line("#7d9a6d", 4, "M96 190q-18-50 24-84")
        .ellipse("#96b184", 92, 150, 14, 7)
        .ellipse("#86a374", 116, 122, 7, 14);
}

pub(super) fn soap(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 92);
    c.path("#2b2f35", "M178 60h56q14 0 14 14v8h-20v-4h-14v34h-28V78h-8z")
        .rect("#3a4047", 176, 108, 48, 26, 5);
    c.shape(
        k.fill(),
        "M170 132h60q46 12 46 54v110q0 26-26 26H150q-26 0-26-26V186q0-42 46-54z",
        |c| {
            c.veil(k.shade(), 70, "M240 120h50v220h-50z").veil(
                "#ffffff",
                38,
                "M136 176q4-20 16-28v160q-16-6-16-24z",
            );
        },
    );
    c.rect("#fdfbf6", 152, 196, 96, 92, 6).line(
        k.shade(),
        4,
        "M200 252v-36M200 240q-18-2-20-20q20 0 20 20M200 232q16-2 18-18q-18 0-18 18",
    );
    c.rect(k.shade(), 170, 262, 60, 6, 3).rect(k.light(), 180, 274, 40, 4, 2);
    c.faint(75, |c| {
        c.circle("#ffffff", 302, 262, 20)
            .circle("#ffffff", 328, 300, 13)
            .circle("#ffffff", 296, 306, 9);
    });
}

pub(super) fn perfume(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 326, 100);
    c.rect(GOLD, 176, 86, 48, 58, 8)
        .rect(GOLD_SHADE, 204, 86, 20, 58, 8)
        .rect(GOLD_SHADE, 186, 138, 28, 22, 2);
    c.shape(
        k.ground(),
        "M116 186q0-30 30-30h108q30 0 30 30v106q0 30-30 30H146q-30 0-30-30z",
        |c| {
            c.veil(k.fill(), 85, "M100 214q50-14 100 0t100 0v120H100z").veil(
                k.shade(),
                60,
                "M248 216h50v124h-50z",
            );
            c.veil("#ffffff", 60, "M128 168h14v140q-14-6-14-20z");
        },
    );
    c.ring("#fdfbf6", 6, 200, 244, 34)
        .path("#fdfbf6", "M200 222l6 16 17 1-13 11 4 17-14-9-14 9 4-17-13-11 17-1z");
}

pub(super) fn necklace(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.shadow(200, 336, 108);
    c.shape(k.shade(), "M200 60q34 0 34 44v32q76 30 88 184 2 14-14 14H92q-16 0-14-14 12-154 88-184v-32q0-44 34-44z", |c| {
        c.veil(k.fill(), 90, "M60 40h190q-40 150-20 320H60z").veil("#ffffff", 16, "M120 190q-26 60-30 150h20q4-90 30-150z");
    });
    c.line(GOLD_SHADE, 5, "M166 142C150 232 174 262 200 268C226 262 250 232 234 142");
    c.line("#f0dcae", 2, "M166 140C150 230 174 260 200 266C226 260 250 230 234 140");
    c.path(p.second.fill(), "M200 262l24 20-24 34-24-34z")
        .path(p.second.light(), "M200 262l24 20h-48z")
        .path(p.second.shade(), "M200 316l24-34h-16z");
    c.ring(GOLD, 4, 200, 258, 6);
    for (x, y) in [(166, 214), (180, 244), (220, 244), (234, 214)] {
        c.circle(GOLD, x, y, 6).circle("#f0dcae", x - 2, y - 2, 2);
    }
}
