//! A map of places: the outlines of countries, cut to what is shown and drawn as one path.

use maud::{Markup, html};
use std::fmt::Write;
use std::sync::OnceLock;

const WORLD: &[u8] = include_bytes!("../data/world.bin");
/// Units of a degree in the file.
const UNITS: f64 = 100.0;
/// The drawing's size.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;
/// Paths are written in so many parts of these.
const FINE: f64 = 2.0;
/// Degrees of latitude that are shown at least.
const LEAST: f64 = 7.0;

/// A place on a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) name: String,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    /// How much happened there.
    pub(crate) weight: usize,
    /// Where it leads.
    pub(crate) link: String,
    /// What it is in words.
    pub(crate) label: String,
}

type Point = (f64, f64);

/// Rings of longitude and latitude in degrees, each with its bounds.
struct World {
    rings: Vec<(Vec<Point>, [f64; 4])>,
}

fn world() -> &'static World {
    static READ: OnceLock<World> = OnceLock::new();
    READ.get_or_init(|| read(WORLD).unwrap_or(World { rings: Vec::new() }))
}

/// Numbers, one after the other.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

fn read(bytes: &[u8]) -> Option<World> {
    let mut numbers = Numbers(bytes.strip_prefix(b"TLWA1")?);
    let mut arcs: Vec<Vec<Point>> = Vec::new();
    for _ in 0..numbers.unsigned()? {
        let (mut x, mut y, mut arc) = (0, 0, Vec::new());
        for _ in 0..numbers.unsigned()? {
            (x, y) = (x + numbers.signed()?, y + numbers.signed()?);
            arc.push((x as f64 / UNITS, y as f64 / UNITS));
        }
        arcs.push(arc);
    }
    let mut rings = Vec::new();
    for _ in 0..numbers.unsigned()? {
        let length = numbers.unsigned()? as usize;
        numbers.0 = numbers.0.get(length..)?;
        for _ in 0..numbers.unsigned()? {
            let mut ring: Vec<Point> = Vec::new();
            for _ in 0..numbers.unsigned()? {
                let number = numbers.signed()?;
                let arc = arcs.get(if number < 0 { -1 - number } else { number } as usize)?;
                // An arc begins where the one before ends.
                let skip = usize::from(!ring.is_empty());
                match number < 0 {
                    true => ring.extend(arc.iter().rev().skip(skip)),
                    false => ring.extend(arc.iter().skip(skip)),
                }
            }
            unwrap(&mut ring);
            let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
            for (x, y) in &ring {
                bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
            }
            rings.push((ring, bounds));
        }
    }
    Some(World { rings })
}

/// Makes a ring that crosses the date line go on beyond it, and one around a pole go over the pole.
fn unwrap(ring: &mut Vec<Point>) {
    let mut shift = 0.0;
    let mut before: Option<f64> = None;
    for point in ring.iter_mut() {
        let raw = point.0;
        if let Some(before) = before {
            let step: f64 = raw - before;
            if step.abs() > 180.0 {
                shift -= 360.0 * step.signum();
            }
        }
        before = Some(raw);
        point.0 += shift;
    }
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
        && (first.0 - last.0).abs() > 180.0
    {
        let pole = if first.1 < 0.0 { -90.0 } else { 90.0 };
        ring.extend([(last.0, pole), (first.0, pole)]);
    }
}

/// What is shown: the middle, and how many parts of the drawing a degree is.
struct View {
    lon: f64,
    lat: f64,
    x: f64,
    y: f64,
}

impl View {
    /// All spots with something around them.
    fn of(spots: &[Spot]) -> View {
        let range =
            |of: fn(&Spot) -> f64| spots.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let ((west, east), (south, north)) = (range(|s| s.lon), range(|s| s.lat));
        let (lon, lat) = ((west + east) / 2.0, ((south + north) / 2.0).clamp(-70.0, 70.0));
        let narrow = lat.to_radians().cos();
        let high = ((north - south) * 1.5).max((east - west) * 1.45 * narrow * HEIGHT / WIDTH).clamp(LEAST, 170.0);
        let y = HEIGHT / high;
        let x = (y * narrow).min(WIDTH / ((east - west) * 1.12 + 1.0)).max(WIDTH / 400.0);
        // What lies beyond the poles and the date line is not shown where it need not be.
        let half = WIDTH / 2.0 / x;
        let lon = if half >= 180.0 { 0.0 } else { lon.clamp(-180.0 + half.min(175.0), 180.0 - half.min(175.0)) };
        View { lon, lat, x, y }
    }

    fn place(&self, point: Point) -> Point {
        (WIDTH / 2.0 + (point.0 - self.lon) * self.x, HEIGHT / 2.0 - (point.1 - self.lat) * self.y)
    }
}

/// The part of a ring that is inside of the drawing and a little around it.
fn cut(ring: Vec<Point>) -> Vec<Point> {
    const AROUND: f64 = 6.0;
    type Side = (fn(Point) -> f64, f64, f64);
    // A coordinate, its bound, and on which side of it is inside.
    let sides: [Side; 4] =
        [(|p| p.0, -AROUND, 1.0), (|p| p.0, WIDTH + AROUND, -1.0), (|p| p.1, -AROUND, 1.0), (|p| p.1, HEIGHT + AROUND, -1.0)];
    let mut ring = ring;
    for (of, bound, sign) in sides {
        let inside = |p: Point| (of(p) - bound) * sign >= 0.0;
        let mut kept: Vec<Point> = Vec::with_capacity(ring.len());
        for (at, &now) in ring.iter().enumerate() {
            let before = ring[(at + ring.len() - 1) % ring.len()];
            if inside(now) != inside(before) {
                let part = (bound - of(before)) / (of(now) - of(before));
                kept.push((before.0 + (now.0 - before.0) * part, before.1 + (now.1 - before.1) * part));
            }
            if inside(now) {
                kept.push(now);
            }
        }
        ring = kept;
    }
    ring
}

/// A line with fewer points: none of those left out is farther off it than this.
fn simple(line: &[Point], off: f64) -> Vec<Point> {
    let mut kept = vec![false; line.len()];
    // Neighbours less than half as far from one another are one point: that leaves little to be compared.
    let mut near: Vec<usize> = Vec::with_capacity(line.len());
    for (at, p) in line.iter().enumerate() {
        let far = near.last().is_none_or(|&n| (line[n].0 - p.0).abs().max((line[n].1 - p.1).abs()) >= off / 2.0);
        if far || at + 1 == line.len() {
            near.push(at);
        }
    }
    let mut parts = vec![(0, near.len().saturating_sub(1))];
    while let Some((from, to)) = parts.pop() {
        let (Some(&a), Some(&b)) = (near.get(from), near.get(to)) else { continue };
        (kept[a], kept[b]) = (true, true);
        let (start, end) = (line[a], line[b]);
        let (dx, dy) = (end.0 - start.0, end.1 - start.1);
        let long = dx.hypot(dy);
        let from_line = |p: Point| match long > 0.01 {
            true => ((p.0 - start.0) * dy - (p.1 - start.1) * dx).abs() / long,
            // A ring ends where it began.
            false => (p.0 - start.0).hypot(p.1 - start.1),
        };
        let farthest = (from + 1..to).map(|at| (from_line(line[near[at]]), at)).max_by(|x, y| x.0.total_cmp(&y.0));
        if let Some((_, at)) = farthest.filter(|f| f.0 > off) {
            parts.extend([(from, at), (at, to)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(p, _)| *p).collect()
}

/// The outlines of land as a path.
fn land(view: &View) -> String {
    let mut path = String::new();
    // The more is shown, the less of each bend, and of islands.
    let (off, least) = if view.y < 8.0 { (1.4, 5.0) } else { (1.2, 4.0) };
    let shifted = [-360.0, 0.0, 360.0].into_iter().flat_map(|shift| world().rings.iter().map(move |ring| (shift, ring)));
    for (shift, (ring, bounds)) in shifted {
        let (a, b) = (view.place((bounds[0] + shift, bounds[3])), view.place((bounds[2] + shift, bounds[1])));
        // Outside, or too small to be seen.
        if b.0 < 0.0 || a.0 > WIDTH || b.1 < 0.0 || a.1 > HEIGHT || (b.0 - a.0).max(b.1 - a.1) < least {
            continue;
        }
        let cut = simple(&cut(ring.iter().map(|p| view.place((p.0 + shift, p.1))).collect()), off);
        let mut points = cut.into_iter().map(|(x, y)| ((x * FINE).round() as i64, (y * FINE).round() as i64));
        let Some(first) = points.next() else { continue };
        let (mut last, mut line) = (first, String::new());
        for point in points {
            let step = (point.0 - last.0, point.1 - last.1);
            if step != (0, 0) {
                // A minus parts two numbers.
                let _ = write!(line, "{}{}", if line.is_empty() || step.0 < 0 { "" } else { " " }, step.0);
                let _ = write!(line, "{}{}", if step.1 < 0 { "" } else { " " }, step.1);
                last = point;
            }
        }
        if !line.is_empty() {
            let _ = write!(path, "M{} {}l{line}z", first.0, first.1);
        }
    }
    path
}

/// Spots on a map, each a link; nothing where there are none. `number` makes its ids its own in the page.
pub(crate) fn map(spots: &[Spot], number: usize) -> Markup {
    if spots.is_empty() {
        return html! {};
    }
    let view = View::of(spots);
    // Where names stand: none over another, those of places where most happened first.
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let drawn: Vec<(Point, f64, &Spot)> = (spots.iter())
        .map(|spot| (view.place((spot.lon, spot.lat)), (4.0 + (spot.weight as f64).sqrt() * 1.6).min(14.0), spot))
        .collect();
    taken.extend(drawn.iter().map(|(at, r, _)| [at.0 - r, at.1 - r, at.0 + r, at.1 + r]));
    let drawn: Vec<_> = drawn
        .into_iter()
        .map(|(at, radius, spot)| {
            let wide = spot.name.chars().count() as f64 * 6.9 + 4.0;
            let tries = [
                (radius + 4.0, 4.0, "start"),
                (-radius - 4.0, 4.0, "end"),
                (0.0, -radius - 5.0, "middle"),
                (0.0, radius + 14.0, "middle"),
            ];
            let name = tries.into_iter().find_map(|(dx, dy, anchor)| {
                let (x, y) = (at.0 + dx, at.1 + dy);
                let left = match anchor {
                    "start" => x,
                    "end" => x - wide,
                    _ => x - wide / 2.0,
                };
                let field = [left, y - 11.0, left + wide, y + 3.0];
                let free = !taken.iter().any(|t| field[0] < t[2] && t[0] < field[2] && field[1] < t[3] && t[1] < field[3]);
                let inside = field[0] >= 0.0 && field[2] <= WIDTH && field[1] >= 0.0 && field[3] <= HEIGHT;
                (free && inside).then_some(((x, y), anchor, field))
            });
            if let Some((.., field)) = name {
                taken.push(field);
            }
            (at, radius, name.map(|(at, anchor, _)| (at, anchor)), spot)
        })
        .collect();
    let title = format!(
        "Where it happened: {}",
        if spots.len() == 1 { "one place".to_string() } else { format!("{} places", spots.len()) }
    );
    html! {
        figure {
            div.scroll tabindex="0" role="group" aria-label="Map" {
                svg.map viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) width=(WIDTH) height=(HEIGHT) role="group" aria-labelledby=(format!("map{number}")) {
                    title id=(format!("map{number}")) { (title) }
                    rect.sea width=(WIDTH) height=(HEIGHT) {}
                    path.land transform=(format!("scale({})", 1.0 / FINE)) d=(land(&view)) {}
                    @for (at, radius, name, spot) in &drawn {
                        a href=(spot.link) aria-label=(spot.label) {
                            circle.spot cx=(format!("{:.1}", at.0)) cy=(format!("{:.1}", at.1)) r=(format!("{radius:.1}")) {}
                            @if let Some((at, anchor)) = name {
                                text.place x=(format!("{:.1}", at.0)) y=(format!("{:.1}", at.1)) text-anchor=(anchor) { (spot.name) }
                            }
                        }
                    }
                }
            }
            figcaption { "Larger: more events. Borders as held de facto, after Natural Earth; no statement of whose they should be." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(name: &str, lat: f64, lon: f64) -> Spot {
        Spot { name: name.into(), lat, lon, weight: 1, link: "#x".into(), label: name.into() }
    }

    #[test]
    fn the_world_is_read() {
        assert!(world().rings.len() > 1000);
        let points = world().rings.iter().flat_map(|r| &r.0);
        assert!(points.clone().count() > 50_000 && points.into_iter().all(|p| p.0.abs() <= 540.01 && p.1.abs() <= 90.01));
    }

    #[test]
    fn maps_are_small_wherever_they_are() {
        let far = [spot("Vienna", 48.2, 16.4), spot("Wellington", -41.3, 174.8), spot("Honolulu", 21.3, -157.8)];
        let cases: [&[Spot]; 5] =
            [&far[..1], &far[1..2], &far[2..], &far, &[spot("Pole", 90.0, 0.0), spot("Other pole", -90.0, 180.0)]];
        for spots in cases {
            let drawn = map(spots, 1).into_string();
            assert!(drawn.contains("class=\"land\"") && drawn.matches("class=\"spot\"").count() == spots.len(), "{drawn}");
            assert!(drawn.len() > 900 && drawn.len() < 20_000, "{} bytes for {:?}", drawn.len(), spots[0].name);
            assert!(!drawn.contains("NaN") && !drawn.contains("inf") && !drawn.contains("lz"));
        }
        assert_eq!(map(&[], 1).into_string(), "");
    }

    #[test]
    fn every_spot_is_in_the_drawing() {
        for spots in [[spot("a", 30.0, 120.0), spot("b", 31.0, 121.0)], [spot("a", -60.0, -179.0), spot("b", 70.0, 179.0)]] {
            let view = View::of(&spots);
            for s in &spots {
                let (x, y) = view.place((s.lon, s.lat));
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{} {x} {y}", s.name);
            }
        }
    }
}
