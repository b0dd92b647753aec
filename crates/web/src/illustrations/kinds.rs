//! The things we can draw.

use super::paint::Canvas;
use super::scenes::Setting;
use super::{Paint, care, clothes, gadgets, home, kitchen, names, pantry, play};

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Earbuds,
    Headphones,
    PhoneCase,
    Speaker,
    PowerBank,
    Charger,
    Watch,
    BicycleLight,
    Keyboard,
    Kettle,
    Mug,
    Plate,
    Knife,
    Pan,
    Bottle,
    Teapot,
    Scarf,
    Tshirt,
    Dress,
    Trousers,
    Shoes,
    Bag,
    Cap,
    Umbrella,
    Socks,
    Lipstick,
    Cream,
    Soap,
    Perfume,
    Tea,
    Coffee,
    Snacks,
    Honey,
    Noodles,
    Lamp,
    Candle,
    Plant,
    Towel,
    Pillow,
    Clock,
    Vase,
    Plush,
    Blocks,
    Notebook,
    Pen,
    Yoga,
    Ball,
    Puzzle,
    Tablet,
    Book,
    PetBowl,
    WateringCan,
    Necklace,
    Parcel,
}

/// One row: the code used in addresses, where it is used, and the point a near look is taken of.
type Row = (Kind, &'static str, Setting, (i32, i32));

const ROWS: [Row; 54] = [
    (Kind::Earbuds, "earbuds", Setting::Desk, (160, 180)),
    (Kind::Headphones, "headphones", Setting::Desk, (120, 230)),
    (Kind::PhoneCase, "phonecase", Setting::Desk, (170, 120)),
    (Kind::Speaker, "speaker", Setting::Desk, (200, 240)),
    (Kind::PowerBank, "powerbank", Setting::Desk, (200, 120)),
    (Kind::Charger, "charger", Setting::Desk, (180, 170)),
    (Kind::Watch, "watch", Setting::Desk, (200, 200)),
    (Kind::BicycleLight, "bikelight", Setting::Outside, (150, 190)),
    (Kind::Keyboard, "keyboard", Setting::Desk, (140, 210)),
    (Kind::Kettle, "kettle", Setting::Kitchen, (150, 170)),
    (Kind::Mug, "mug", Setting::Kitchen, (240, 210)),
    (Kind::Plate, "plate", Setting::Kitchen, (140, 180)),
    (Kind::Knife, "knife", Setting::Kitchen, (240, 250)),
    (Kind::Pan, "pan", Setting::Kitchen, (150, 220)),
    (Kind::Bottle, "bottle", Setting::Desk, (200, 120)),
    (Kind::Teapot, "teapot", Setting::Kitchen, (200, 170)),
    (Kind::Scarf, "scarf", Setting::Wardrobe, (180, 290)),
    (Kind::Tshirt, "tshirt", Setting::Wardrobe, (200, 130)),
    (Kind::Dress, "dress", Setting::Wardrobe, (200, 190)),
    (Kind::Trousers, "trousers", Setting::Wardrobe, (180, 110)),
    (Kind::Shoes, "shoes", Setting::Wardrobe, (220, 230)),
    (Kind::Bag, "bag", Setting::Wardrobe, (200, 190)),
    (Kind::Cap, "cap", Setting::Wardrobe, (180, 190)),
    (Kind::Umbrella, "umbrella", Setting::Outside, (200, 130)),
    (Kind::Socks, "socks", Setting::Wardrobe, (170, 130)),
    (Kind::Lipstick, "lipstick", Setting::Bathroom, (160, 130)),
    (Kind::Cream, "cream", Setting::Bathroom, (170, 240)),
    (Kind::Soap, "soap", Setting::Bathroom, (200, 240)),
    (Kind::Perfume, "perfume", Setting::Bathroom, (200, 230)),
    (Kind::Tea, "tea", Setting::Kitchen, (200, 220)),
    (Kind::Coffee, "coffee", Setting::Kitchen, (200, 220)),
    (Kind::Snacks, "snacks", Setting::Kitchen, (200, 200)),
    (Kind::Honey, "honey", Setting::Kitchen, (200, 240)),
    (Kind::Noodles, "noodles", Setting::Kitchen, (190, 160)),
    (Kind::Lamp, "lamp", Setting::Desk, (200, 150)),
    (Kind::Candle, "candle", Setting::Bathroom, (200, 210)),
    (Kind::Plant, "plant", Setting::Desk, (200, 270)),
    (Kind::Towel, "towel", Setting::Bathroom, (160, 250)),
    (Kind::Pillow, "pillow", Setting::Wardrobe, (150, 170)),
    (Kind::Clock, "clock", Setting::Desk, (200, 190)),
    (Kind::Vase, "vase", Setting::Desk, (200, 240)),
    (Kind::Plush, "plush", Setting::Playroom, (200, 150)),
    (Kind::Blocks, "blocks", Setting::Playroom, (170, 230)),
    (Kind::Notebook, "notebook", Setting::Desk, (180, 150)),
    (Kind::Pen, "pen", Setting::Desk, (180, 220)),
    (Kind::Yoga, "yoga", Setting::Outside, (150, 220)),
    (Kind::Ball, "ball", Setting::Outside, (170, 170)),
    (Kind::Puzzle, "puzzle", Setting::Playroom, (200, 200)),
    (Kind::Tablet, "tablet", Setting::Desk, (130, 220)),
    (Kind::Book, "book", Setting::Desk, (200, 150)),
    (Kind::PetBowl, "petbowl", Setting::Playroom, (200, 210)),
    (Kind::WateringCan, "wateringcan", Setting::Outside, (190, 220)),
    (Kind::Necklace, "necklace", Setting::Bathroom, (200, 260)),
    (Kind::Parcel, "parcel", Setting::Desk, (200, 200)),
];

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 54] = {
        let mut all = [Kind::Parcel; 54];
        let mut place = 0;
        while place < ROWS.len() {
            all[place] = ROWS[place].0;
            place += 1;
        }
        all
    };

    /// As used in addresses: "mug".
    pub fn code(self) -> &'static str {
        self.row().1
    }

    pub fn by_code(code: &str) -> Option<Kind> {
        ROWS.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// The kind a title speaks of, in English or 中文: "Ceramic mug, 350 ml" is a mug. The longest word found wins.
    pub fn for_words(title: &str) -> Option<Kind> {
        names::find(names::Part::Things, title).and_then(Kind::by_code)
    }

    /// Where it is used.
    pub(super) fn setting(self) -> Setting {
        self.row().2
    }

    /// The point a near look is taken of.
    pub(super) fn focus(self) -> (i32, i32) {
        self.row().3
    }

    /// Draws the thing alone, standing at about y = 320 in the middle of a canvas of 400.
    pub(super) fn draw(self, c: &mut Canvas, p: &Paint) {
        match self {
            Kind::Earbuds => gadgets::earbuds(c, p),
            Kind::Headphones => gadgets::headphones(c, p),
            Kind::PhoneCase => gadgets::phone_case(c, p),
            Kind::Speaker => gadgets::speaker(c, p),
            Kind::PowerBank => gadgets::power_bank(c, p),
            Kind::Charger => gadgets::charger(c, p),
            Kind::Watch => gadgets::watch(c, p),
            Kind::BicycleLight => gadgets::bicycle_light(c, p),
            Kind::Keyboard => gadgets::keyboard(c, p),
            Kind::Kettle => kitchen::kettle(c, p),
            Kind::Mug => kitchen::mug(c, p),
            Kind::Plate => kitchen::plate(c, p),
            Kind::Knife => kitchen::knife(c, p),
            Kind::Pan => kitchen::pan(c, p),
            Kind::Bottle => kitchen::bottle(c, p),
            Kind::Teapot => kitchen::teapot(c, p),
            Kind::Scarf => clothes::scarf(c, p),
            Kind::Tshirt => clothes::tshirt(c, p),
            Kind::Dress => clothes::dress(c, p),
            Kind::Trousers => clothes::trousers(c, p),
            Kind::Shoes => clothes::shoes(c, p),
            Kind::Bag => clothes::bag(c, p),
            Kind::Cap => clothes::cap(c, p),
            Kind::Umbrella => clothes::umbrella(c, p),
            Kind::Socks => clothes::socks(c, p),
            Kind::Lipstick => care::lipstick(c, p),
            Kind::Cream => care::cream(c, p),
            Kind::Soap => care::soap(c, p),
            Kind::Perfume => care::perfume(c, p),
            Kind::Tea => pantry::tea(c, p),
            Kind::Coffee => pantry::coffee(c, p),
            Kind::Snacks => pantry::snacks(c, p),
            Kind::Honey => pantry::honey(c, p),
            Kind::Noodles => pantry::noodles(c, p),
            Kind::Lamp => home::lamp(c, p),
            Kind::Candle => home::candle(c, p),
            Kind::Plant => home::plant(c, p),
            Kind::Towel => home::towel(c, p),
            Kind::Pillow => home::pillow(c, p),
            Kind::Clock => home::clock(c, p),
            Kind::Vase => home::vase(c, p),
            Kind::Plush => play::plush(c, p),
            Kind::Blocks => play::blocks(c, p),
            Kind::Notebook => play::notebook(c, p),
            Kind::Pen => play::pen(c, p),
            Kind::Yoga => play::yoga(c, p),
            Kind::Ball => play::ball(c, p),
            Kind::Puzzle => play::puzzle(c, p),
            Kind::Tablet => gadgets::tablet(c, p),
            Kind::Book => play::book(c, p),
            Kind::PetBowl => play::pet_bowl(c, p),
            Kind::WateringCan => home::watering_can(c, p),
            Kind::Necklace => care::necklace(c, p),
            Kind::Parcel => pantry::parcel(c, p),
        }
    }

    fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.0 == self).expect("every kind has a row; a test draws them all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_understood() {
        for (title, kind) in [
            ("Wireless Earbuds Mini", Kind::Earbuds),
            ("Stoneware teapot", Kind::Teapot),
            ("Phone case for 14", Kind::PhoneCase),
            ("蓝牙耳机", Kind::Earbuds),
            ("Bicycle light set", Kind::BicycleLight),
            ("Linen shirt", Kind::Tshirt),
        ] {
            assert_eq!(Kind::for_words(title), Some(kind), "{title}");
        }
        assert_eq!(Kind::for_words("Watches, set of two"), Some(Kind::Watch));
        for title in ["???", "Automatic opener", "Spring steam category"] {
            assert_eq!(Kind::for_words(title), None, "{title}");
        }
    }
}
