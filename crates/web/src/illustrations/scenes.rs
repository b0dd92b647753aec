//! Where things stand: grounds, rooms, and the box they come in.

use super::paint::Canvas;
use super::{Kind, Paint};

/// The room a thing is shown in when in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Desk,
    Kitchen,
    Wardrobe,
    Bathroom,
    Outside,
    Playroom,
}

/// The soft ground behind a thing alone: one of four, by seed.
pub(super) fn ground(c: &mut Canvas, p: &Paint) {
    let k = p.colour;
    c.rect(k.ground(), 0, 0, 400, 400, 0);
    match p.seed % 4 {
        0 => {
            c.veil("#ffffff", 45, "M200 44a156 156 0 1 1 0 312a156 156 0 0 1 0-312z");
        }
        1 => {
            c.veil(k.fill(), 16, "M0 290h400v110H0z").veil("#ffffff", 35, "M0 0h400v290H0z");
        }
        2 => {
            c.veil("#ffffff", 50, "M70 400V196a130 130 0 0 1 260 0v204z");
        }
        _ => {
            c.veil("#ffffff", 40, "M-20 120L160 0h140L-20 260zM60 400L420 140v120L240 400z");
        }
    }
}

/// The thing in its room.
pub(super) fn in_use(c: &mut Canvas, kind: Kind, p: &Paint) {
    let place = match kind.setting() {
        Setting::Desk => desk(c, p),
        Setting::Kitchen => kitchen(c, p),
        Setting::Wardrobe => wardrobe(c, p),
        Setting::Bathroom => bathroom(c, p),
        Setting::Outside => outside(c, p),
        Setting::Playroom => playroom(c, p),
    };
    stand(c, kind, p, place);
}

/// The thing as it arrives: a carton with its picture on the label.
pub(super) fn packed(c: &mut Canvas, kind: Kind, p: &Paint) {
    let k = p.colour;
    c.rect(k.ground(), 0, 0, 400, 400, 0)
        .veil(k.fill(), 14, "M0 300h400v100H0z")
        .shadow(200, 346, 160);
    c.path("#b98f5d", "M52 128h296l-26-44H78z").path("#d3ab78", "M78 84h244l10 18H68z");
    c.shape("#cfa470", "M52 126h296v204q0 12-12 12H64q-12 0-12-12z", |c| {
        c.veil("#b98a55", 80, "M300 120h60v230h-60z").veil("#b98a55", 60, "M40 126h320v10H40z");
    });
    c.rect(k.fill(), 52, 292, 296, 22, 0).rect(k.shade(), 300, 292, 48, 22, 0);
    c.rect("#fdfaf2", 108, 146, 184, 136, 10);
    c.shape(k.ground(), "M118 156h164v116H118z", |c| stand(c, kind, p, (200, 270, 36)));
    c.line("#8f6a3e", 4, "M76 282v-22M68 269l8-10 8 10M322 282v-22M314 269l8-10 8 10");
}

/// Draws the thing with its foot at (x, y) and a size in hundredths.
fn stand(c: &mut Canvas, kind: Kind, p: &Paint, (x, y, size): (i32, i32, i32)) {
    let (dx, dy) = (x - 2 * size, y - 322 * size / 100);
    c.moved(&format!("translate({dx} {dy}) scale(.{size:02})"), |c| kind.draw(c, p));
}

fn desk(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect(p.colour.ground(), 0, 0, 400, 400, 0);
    c.rect("#fdfbf5", 40, 40, 110, 150, 4).rect("#cfe2ee", 48, 48, 94, 134, 2).line(
        "#fdfbf5",
        6,
        "M95 48v134M48 116h94",
    );
    c.veil("#ffffff", 40, "M150 190l110 110H120L40 190z");
    c.rect("#e8dcc6", 270, 60, 90, 70, 4)
        .rect(p.second.light(), 278, 68, 74, 54, 0)
        .path(p.second.fill(), "M278 122l26-34 18 20 12-14 18 28z");
    c.rect("#b98a5c", 0, 300, 400, 100, 0).rect("#cda274", 0, 300, 400, 14, 0);
    c.rect("#2f4568", 296, 276, 84, 12, 2)
        .rect("#e8dcc6", 300, 264, 74, 12, 2)
        .rect("#c26a47", 292, 288, 88, 12, 2);
    c.path("#f6f3ec", "M44 262h40l-5 38H49z")
        .path("#5f8a5a", "M64 264q-30-14-26-44q26 8 26 44q0-40 26-48q6 34-26 48z");
    (196, 320, 70)
}

fn kitchen(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect("#f3efe6", 0, 0, 400, 400, 0);
    for row in 0..5 {
        for column in 0..6 {
            c.rect("#fbf9f3", column * 70 - 34 + (row % 2) * 35, 60 + row * 50, 64, 44, 4);
        }
    }
    c.rect("#b98a5c", 40, 92, 320, 12, 3).rect(p.second.fill(), 70, 44, 34, 48, 5).rect(
        p.second.light(),
        70,
        44,
        34,
        12,
        4,
    );
    c.path("#f6f3ec", "M130 62h44l-4 30h-36z")
        .ellipse("#d8cfbd", 152, 62, 22, 5)
        .rect("#8fb59a", 286, 36, 26, 56, 6)
        .rect("#e2a03a", 320, 54, 26, 38, 4);
    c.rect("#ded3c0", 0, 306, 400, 94, 0).rect("#efe7d8", 0, 306, 400, 12, 0);
    c.rect("#d3a878", 262, 296, 118, 14, 5)
        .circle("#c93a36", 300, 284, 15)
        .circle("#d9534e", 332, 286, 13)
        .path("#5f8a5a", "M300 270l8-8-4 10z");
    (160, 320, 70)
}

fn wardrobe(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect("#f1ebe1", 0, 0, 400, 400, 0)
        .rect("#e2d6c3", 0, 330, 400, 70, 0)
        .rect("#cfc0a8", 0, 326, 400, 6, 0);
    c.line("#8f6a45", 8, "M20 70h200M40 70v262M200 70v262");
    for (x, fill) in
        [(62, p.second.fill()), (92, "#d9c3a0"), (122, p.colour.shade()), (152, "#8e9296")]
    {
        c.line("#6b5a48", 3, &format!("M{x} 70v12"))
            .path(fill, &format!("M{} 96q14-18 28 0l4 130h-36z", x - 14));
    }
    c.rect("#d3a878", 236, 96, 136, 232, 68).rect("#dbe8ec", 246, 106, 116, 212, 58).veil(
        "#ffffff",
        60,
        "M262 170l60-56 20 12-80 90zM270 250l80-84v24l-80 84z",
    );
    c.ellipse(p.colour.light(), 206, 358, 150, 22);
    (212, 366, 70)
}

fn bathroom(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect("#e6eeec", 0, 0, 400, 400, 0);
    for step in 0..6 {
        c.line("#f5f9f8", 3, &format!("M0 {}h400M{} 0v400", step * 66 + 20, step * 80 + 10));
    }
    c.circle("#c9a96d", 284, 120, 82).circle("#f4f8f8", 284, 120, 75).veil(
        "#ffffff",
        90,
        "M236 130l50-60 18 4-60 76z",
    );
    c.rect("#c9a96d", 26, 84, 96, 6, 3).path(p.second.light(), "M36 88h76v118q-38 10-76 0z").rect(
        p.second.fill(),
        36,
        176,
        76,
        10,
        0,
    );
    c.rect("#b98a5c", 0, 314, 400, 16, 3).rect("#f7f3ea", 0, 330, 400, 70, 0).veil(
        "#1c1f1b",
        8,
        "M0 330h400v8H0z",
    );
    c.path("#fdfbf5", "M320 262h40l-5 52h-30z")
        .line("#7d9a6d", 4, "M340 262q-6-40-26-56M340 262q4-50 24-70")
        .ellipse("#96b184", 312, 208, 9, 15)
        .ellipse("#86a374", 364, 194, 9, 15);
    (180, 322, 68)
}

fn outside(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect("#dcecf3", 0, 0, 400, 400, 0).circle("#fbe6a3", 316, 84, 36);
    c.faint(85, |c| {
        c.ellipse("#ffffff", 96, 82, 50, 14).ellipse("#ffffff", 130, 70, 34, 14);
    });
    c.path("#b7cfb0", "M0 230q90-70 190-20t210-30v220H0z")
        .path("#98b98f", "M0 280q120-60 230-16t170-24v160H0z")
        .path("#7fa377", "M0 330q160-30 400-6v76H0z");
    for (x, y, r) in [(58, 210, 34), (346, 206, 40), (310, 232, 24)] {
        c.rect("#7a5a40", x - 4, y, 8, r + 30, 2).circle("#5f8a5a", x, y, r).veil(
            "#86ad76",
            80,
            &format!("M{} {y}a{r} {r} 0 0 1 {r}-{r}q0 20-{r} {r}z", x - r),
        );
    }
    c.path(p.second.light(), "M60 352h280l30 34H30z");
    (200, 366, 66)
}

fn playroom(c: &mut Canvas, p: &Paint) -> (i32, i32, i32) {
    c.rect("#f7eedd", 0, 0, 400, 400, 0).rect("#e5d2b3", 0, 312, 400, 88, 0);
    c.line("#b7a88c", 3, "M0 46q200 60 400 0");
    for (step, fill) in
        [p.second.fill(), "#83b4d8", "#e2a03a", p.colour.fill(), "#96aa8b", "#ee7f68"]
            .into_iter()
            .enumerate()
    {
        let x = 24 + i32::try_from(step).unwrap_or(0) * 64;
        let y = 58 + (20 - (x - 200).abs() / 9).max(0);
        c.path(fill, &format!("M{x} {}l38 2-20 38z", y - 6));
    }
    c.rect("#fdfaf2", 264, 150, 112, 164, 6)
        .rect("#e8dcc6", 272, 158, 96, 70, 3)
        .rect("#e8dcc6", 272, 236, 96, 70, 3);
    c.rect("#c93a36", 280, 182, 12, 46, 2)
        .rect("#2f8282", 294, 174, 14, 54, 2)
        .rect("#f2d468", 310, 188, 10, 40, 2)
        .circle("#83b4d8", 346, 210, 17);
    c.rect("#e2a03a", 284, 272, 34, 34, 4).path("#96aa8b", "M326 306l18-34 18 34z");
    c.ellipse(p.second.light(), 186, 356, 160, 30).ellipse("#fdfaf2", 186, 356, 130, 22).ellipse(
        p.second.light(),
        186,
        356,
        96,
        15,
    );
    (176, 362, 66)
}
