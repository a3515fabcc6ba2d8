// Peers from npm as programs that speak the contract: `node peer.js NAME FILE` reads JSON Lines {"id","text","date"?} and writes a
// reading a line, with the layers that the peer has.
const fs = require("fs");
const [name, file] = process.argv.slice(2);

// Positions of a JavaScript string as bytes of UTF-8, asked for in any order.
function bytes(text) {
  const at = new Uint32Array(text.length + 1);
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    at[i] = sum;
    const c = text.charCodeAt(i);
    sum += c < 0x80 ? 1 : c < 0x800 ? 2 : c >= 0xd800 && c < 0xdc00 ? 4 : c >= 0xdc00 && c < 0xe000 ? 0 : 3;
  }
  at[text.length] = sum;
  return (start, end) => [at[start], at[Math.min(end, text.length)]];
}

const readers = {
  wink() {
    const nlp = require("wink-nlp")(require("wink-eng-lite-web-model"));
    const { its } = nlp;
    return (text, span) => {
      const doc = nlp.readDoc(text);
      let at = 0;
      const [words, tags, lemmas] = [its.value, its.pos, its.lemma].map((what) => doc.tokens().out(what));
      const places = words.map((word) => {
        const start = text.indexOf(word, at);
        if (start >= 0) at = start + word.length;
        return start < 0 ? [at, at] : [start, at];
      });
      const tokens = words.map((_, i) => ({ span: span(...places[i]), upos: tags[i], lemma: lemmas[i], xpos: "", head: -1, deprel: "" }));
      const sentences = doc.sentences().out(its.span).map(([from, to]) => span(places[from][0], places[to][1]));
      return { tokens: tokens.filter((t) => t.span[0] < t.span[1]), sentences };
    };
  },
  compromise() {
    const nlp = require("compromise");
    const kinds = [["ProperNoun", "PROPN"], ["Pronoun", "PRON"], ["Auxiliary", "AUX"], ["Modal", "AUX"], ["Copula", "AUX"], ["Value", "NUM"],
      ["Determiner", "DET"], ["Preposition", "ADP"], ["Conjunction", "CCONJ"], ["Adverb", "ADV"], ["Adjective", "ADJ"], ["Verb", "VERB"],
      ["Noun", "NOUN"]];
    return (text, span) => {
      const doc = nlp(text);
      const [tokens, sentences, mentions] = [[], [], []];
      const word = (start, end, upos) => tokens.push({ span: span(start, end), upos, lemma: "_", xpos: "", head: -1, deprel: "" });
      // It keeps marks beside the words; they are handed over as words, as the treebanks have them.
      const marks = (from, to) => {
        for (let i = from; i < to; i++) if (!/\s/.test(text[i])) word(i, i + 1, "PUNCT");
      };
      let done = 0;
      for (const sentence of doc.json({ offset: true })) {
        let before = tokens.length;
        for (const term of sentence.terms) {
          const start = term.text ? text.indexOf(term.text, done) : -1;
          if (start < 0) continue;
          if (term === sentence.terms[0]) {
            // Marks up to the last blank close the sentence before.
            const blank = text.slice(done, start).search(/\s\S*$/);
            if (blank >= 0) {
              marks(done, done + blank);
              done += blank;
              before = tokens.length;
            }
          }
          marks(done, start);
          done = start + term.text.length;
          const tag = kinds.find(([tag]) => term.tags.includes(tag));
          word(start, done, tag ? tag[1] : "X");
        }
        if (tokens.length > before) sentences.push([tokens[before].span[0], 0]);
      }
      marks(done, text.length);
      // A sentence goes up to the next one's first word.
      sentences.forEach((s, i) => {
        const next = sentences[i + 1] ? sentences[i + 1][0] : Infinity;
        s[1] = tokens.filter((t) => t.span[0] < next).at(-1).span[1];
      });
      for (const [kind, found] of [["PER", doc.people()], ["LOC", doc.places()], ["ORG", doc.organizations()]]) {
        for (const { text: name, offset } of found.json({ offset: true })) {
          const bare = name.replace(/[\s.,;:!?)"”’]+$/, "").replace(/^["“(‘]+/, "");
          const start = text.indexOf(bare, offset.start);
          if (bare && start >= 0) mentions.push({ span: span(start, start + bare.length), head: [0, 0], kind, form: "name", entity: null });
        }
      }
      return { tokens, sentences, mentions };
    };
  },
  chrono() {
    const chrono = require("chrono-node");
    return (text, span, date) => ({
      times: chrono.parse(text, date ? new Date(`${date.slice(0, 10)}T12:00:00`) : undefined).map(({ index, text: words, start }) => {
        // The gold's expressions begin behind their preposition.
        const before = words.match(/^((on|in|at|by|since|until|from|of|the)\s+)*/i)[0].length;
        const two = (n) => String(n).padStart(2, "0");
        let value = String(start.get("year"));
        if (start.isCertain("month") || !start.isCertain("year")) value += `-${two(start.get("month"))}`;
        if (start.isCertain("day") || start.isCertain("weekday") || !start.isCertain("month") && !start.isCertain("year")) value += `-${two(start.get("day"))}`;
        if (start.isCertain("hour")) value += `T${two(start.get("hour"))}:${two(start.get("minute"))}`;
        return { span: span(index + before, index + words.length), type: start.isCertain("hour") ? "TIME" : "DATE", value };
      }),
    });
  },
};

const read = readers[name]();
const out = [];
for (const line of fs.readFileSync(file, "utf8").split("\n")) {
  if (!line) continue;
  const { id, text, date } = JSON.parse(line);
  const empty = { sentences: [], tokens: [], mentions: [], times: [] };
  out.push(JSON.stringify({ id, text, ...empty, ...read(text, bytes(text), date) }));
}
process.stdout.write(out.join("\n") + "\n");
