//! The world of the desk's maps: countries as Natural Earth has them (public domain), out of the npm package `world-atlas`, rounded to a
//! hundredth of a degree and packed. `crates/tellings-desk/data/world.md` says where it is from and how it is laid out.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;

/// Units of a degree.
const UNITS: f64 = 100.0;

/// Reads `countries-50m.json` of the unpacked package, writes the packed file.
pub(crate) fn build(from: &Path, to: &Path) -> Result<()> {
    let file = from.join("countries-50m.json");
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let packed = pack(&serde_json::from_str(&text)?)?;
    std::fs::write(to, &packed)?;
    println!("{}: {} bytes", to.display(), packed.len());
    Ok(())
}

fn pack(topology: &Value) -> Result<Vec<u8>> {
    let number = |value: &Value| value.as_f64().context("a number");
    let pair = |value: &Value| -> Result<(f64, f64)> { Ok((number(&value[0])?, number(&value[1])?)) };
    let (scale, shift) = (pair(&topology["transform"]["scale"])?, pair(&topology["transform"]["translate"])?);
    let arcs = topology["arcs"].as_array().context("arcs")?;
    let mut out = b"TLWA1".to_vec();
    unsigned(&mut out, arcs.len() as u64);
    for arc in arcs {
        let (mut x, mut y) = (0.0, 0.0);
        let mut points: Vec<(i64, i64)> = Vec::new();
        for step in arc.as_array().context("an arc")? {
            let (dx, dy) = pair(step)?;
            (x, y) = (x + dx, y + dy);
            let round = |v: f64, scale: f64, shift: f64| ((v * scale + shift) * UNITS).round() as i64;
            let point = (round(x, scale.0, shift.0), round(y, scale.1, shift.1));
            if points.last() != Some(&point) {
                points.push(point);
            }
        }
        unsigned(&mut out, points.len() as u64);
        let mut last = (0, 0);
        for point in points {
            signed(&mut out, point.0 - last.0);
            signed(&mut out, point.1 - last.1);
            last = point;
        }
    }
    let countries = topology["objects"]["countries"]["geometries"].as_array().context("countries")?;
    unsigned(&mut out, countries.len() as u64);
    for country in countries {
        let name = country["properties"]["name"].as_str().unwrap_or_default();
        unsigned(&mut out, name.len() as u64);
        out.extend(name.as_bytes());
        let polygons: Vec<&Value> = match country["type"].as_str() {
            Some("Polygon") => vec![&country["arcs"]],
            Some("MultiPolygon") => country["arcs"].as_array().into_iter().flatten().collect(),
            Some(other) => bail!("a geometry of the kind {other}"),
            None => Vec::new(),
        };
        let rings: Vec<&Value> = polygons.into_iter().flat_map(|p| p.as_array().into_iter().flatten()).collect();
        unsigned(&mut out, rings.len() as u64);
        for ring in rings {
            let arcs = ring.as_array().context("a ring")?;
            unsigned(&mut out, arcs.len() as u64);
            for arc in arcs {
                signed(&mut out, arc.as_i64().context("an arc's number")?);
            }
        }
    }
    Ok(out)
}

fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}
