//! Words a second and start-up time of the stage, on the text files given:
//! `cargo run --release -p tellings-parse --example speed -- FILE...`
#![allow(clippy::print_stdout)]

use std::time::Instant;
use tellings_doc::{Article, Block, BlockKind, Span};
use tellings_parse::{Parser, tokens};

fn main() {
    let start = Instant::now();
    let parser = Parser::shipped();
    println!("start-up: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    let articles: Vec<Article> = std::env::args()
        .skip(1)
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|text| {
            let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) };
            Article { text, blocks: vec![block], ..Article::default() }
        })
        .collect();
    let mut best = f64::MAX;
    let mut words = 0;
    for _ in 0..5 {
        let start = Instant::now();
        words = articles.iter().map(|a| parser.parse(a).tokens.len()).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{words} words, best of 5: {:.0} words a second", words as f64 / best);
    let start = Instant::now();
    let mut pieces = Vec::new();
    for article in &articles {
        pieces.clear();
        tokens::tokens(&article.text, Span::new(0, article.text.len()), &mut pieces);
    }
    println!("words alone: {:.0} a second", words as f64 / start.elapsed().as_secs_f64());
}
