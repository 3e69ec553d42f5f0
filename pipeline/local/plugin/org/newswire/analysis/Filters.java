/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.bn.BengaliNormalizationFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.ckb.SoraniNormalizationFilter;
import org.apache.lucene.analysis.classic.ClassicFilter;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.core.FlattenGraphFilter;
import org.apache.lucene.analysis.core.TypeTokenFilter;
import org.apache.lucene.analysis.core.UpperCaseFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.de.GermanStemFilter;
import org.apache.lucene.analysis.el.GreekLowerCaseFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.fa.PersianNormalizationFilter;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishLowerCaseFilter;
import org.apache.lucene.analysis.hi.HindiNormalizationFilter;
import org.apache.lucene.analysis.in.IndicNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.KeepWordFilter;
import org.apache.lucene.analysis.miscellaneous.KeywordRepeatFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.LimitTokenCountFilter;
import org.apache.lucene.analysis.miscellaneous.PatternKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.apache.lucene.analysis.reverse.ReverseStringFilter;
import org.apache.lucene.analysis.sr.SerbianNormalizationFilter;
import org.apache.lucene.analysis.tr.ApostropheFilter;
import org.apache.lucene.analysis.tr.TurkishLowerCaseFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** Token filters. Those made by `normalizing` may stand in a normalizer of a keyword field, too. */
final class Filters {

    private final Map<String, AnalysisProvider<TokenFilterFactory>> found = new HashMap<>();

    private Filters() {}

    static Map<String, AnalysisProvider<TokenFilterFactory>> all() {
        Filters are = new Filters();
        are.characters();
        are.selection();
        are.stemming();
        are.splitting();
        are.withRules();
        return are.found;
    }

    private void characters() {
        normalizing("lowercase", (environment, s) -> switch (s.get("language", "")) {
            case "" -> LowerCaseFilter::new;
            case "greek" -> GreekLowerCaseFilter::new;
            case "irish" -> IrishLowerCaseFilter::new;
            case "turkish" -> TurkishLowerCaseFilter::new;
            default -> throw new IllegalArgumentException("lowercase knows no language `" + s.get("language") + "`");
        });
        normalizing("uppercase", (environment, s) -> UpperCaseFilter::new);
        found.put("asciifolding", (index, environment, name, s) -> new Folding(name, s.getAsBoolean("preserve_original", false)));
        normalizing("trim", (environment, s) -> TrimFilter::new);
        normalizing("decimal_digit", (environment, s) -> DecimalDigitFilter::new);
        normalizing("cjk_width", (environment, s) -> CJKWidthFilter::new);
        normalizing("arabic_normalization", (environment, s) -> ArabicNormalizationFilter::new);
        normalizing("bengali_normalization", (environment, s) -> BengaliNormalizationFilter::new);
        normalizing("german_normalization", (environment, s) -> GermanNormalizationFilter::new);
        normalizing("hindi_normalization", (environment, s) -> HindiNormalizationFilter::new);
        normalizing("indic_normalization", (environment, s) -> IndicNormalizationFilter::new);
        normalizing("persian_normalization", (environment, s) -> PersianNormalizationFilter::new);
        normalizing("scandinavian_folding", (environment, s) -> ScandinavianFoldingFilter::new);
        normalizing("scandinavian_normalization", (environment, s) -> ScandinavianNormalizationFilter::new);
        normalizing("serbian_normalization", (environment, s) -> SerbianNormalizationFilter::new);
        normalizing("sorani_normalization", (environment, s) -> SoraniNormalizationFilter::new);
        normalizing("elision", (environment, s) -> {
            CharArraySet articles = Analysis.parseArticles(environment, s);
            CharArraySet removed = articles == null ? FrenchAnalyzer.DEFAULT_ARTICLES : articles;
            return input -> new ElisionFilter(input, removed);
        });
        plain("apostrophe", (environment, s) -> ApostropheFilter::new);
        plain("classic", (environment, s) -> ClassicFilter::new);
        plain("reverse", (environment, s) -> ReverseStringFilter::new);
        plain("truncate", (environment, s) -> {
            int length = s.getAsInt("length", 10);
            return input -> new TruncateTokenFilter(input, length);
        });
    }

    private void selection() {
        plain("unique", (environment, s) -> {
            boolean samePosition = s.getAsBoolean("only_on_same_position", false);
            return samePosition ? RemoveDuplicatesTokenFilter::new : Unique::new;
        });
        plain("remove_duplicates", (environment, s) -> RemoveDuplicatesTokenFilter::new);
        plain("length", (environment, s) -> {
            int min = s.getAsInt("min", 0);
            int max = s.getAsInt("max", Integer.MAX_VALUE);
            return input -> new LengthFilter(input, min, max);
        });
        plain("limit", (environment, s) -> {
            int count = s.getAsInt("max_token_count", 1);
            boolean consume = s.getAsBoolean("consume_all_tokens", false);
            return input -> new LimitTokenCountFilter(input, count, consume);
        });
        configured("keep", (environment, s) -> {
            CharArraySet words = words(environment, s, "keep_words", s.getAsBoolean("keep_words_case", false));
            return input -> new KeepWordFilter(input, words);
        });
        configured("keep_types", (environment, s) -> {
            java.util.Set<String> types = java.util.Set.copyOf(required(s.getAsList("types"), "types"));
            boolean include = s.get("mode", "include").equals("include");
            return input -> new TypeTokenFilter(input, types, include);
        });
    }

    private void stemming() {
        plain("stemmer", (environment, s) -> Stemmers.stemmer(s.get("language", s.get("name", "porter"))));
        plain("snowball", (environment, s) -> Stemmers.snowball(s.get("language", s.get("name", "English"))));
        plain("porter_stem", (environment, s) -> PorterStemFilter::new);
        plain("kstem", (environment, s) -> KStemFilter::new);
        for (String language : List.of("arabic", "brazilian", "czech", "dutch", "french", "russian")) {
            plain(language + "_stem", (environment, s) -> Stemmers.stemmer(language));
        }
        plain("german_stem", (environment, s) -> GermanStemFilter::new); // not the one of `stemmer`
        plain("keyword_repeat", (environment, s) -> KeywordRepeatFilter::new);
        configured("keyword_marker", (environment, s) -> {
            String given = s.get("keywords_pattern");
            if (given != null) {
                Pattern pattern = Pattern.compile(given);
                return input -> new PatternKeywordMarkerFilter(input, pattern);
            }
            CharArraySet words = words(environment, s, "keywords", s.getAsBoolean("ignore_case", false));
            return input -> new SetKeywordMarkerFilter(input, words);
        });
        configured("stemmer_override", (environment, s) -> {
            StemmerOverrideFilter.Builder builder = new StemmerOverrideFilter.Builder(false);
            for (String rule : required(Analysis.getWordList(environment, s, "rules"), "rules")) {
                String[] sides = rule.split("=>", 2);
                if (sides.length != 2 || sides[1].isBlank()) {
                    throw new IllegalArgumentException("not a rule `word => stem`: [" + rule + "]");
                }
                for (String word : sides[0].split(",")) {
                    builder.add(word.trim(), sides[1].trim());
                }
            }
            StemmerOverrideFilter.StemmerOverrideMap map = builder.build();
            return input -> new StemmerOverrideFilter(input, map);
        });
    }

    private void splitting() {
        plain("edge_ngram", (environment, s) -> {
            int min = s.getAsInt("min_gram", 1);
            int max = s.getAsInt("max_gram", 2);
            boolean original = s.getAsBoolean("preserve_original", false);
            if (s.get("side", "front").equals("back")) {
                return input -> new ReverseStringFilter(
                    new EdgeNGramTokenFilter(new ReverseStringFilter(input), min, max, original));
            }
            return input -> new EdgeNGramTokenFilter(input, min, max, original);
        });
        plain("ngram", (environment, s) -> {
            int min = s.getAsInt("min_gram", 1);
            int max = s.getAsInt("max_gram", 2);
            boolean original = s.getAsBoolean("preserve_original", false);
            return input -> new NGramTokenFilter(input, min, max, original);
        });
        plain("word_delimiter_graph", (environment, s) -> {
            int flags = delimiterFlags(s);
            List<String> kept = s.getAsList("protected_words");
            CharArraySet words = kept.isEmpty() ? null : new CharArraySet(kept, false);
            boolean adjust = s.getAsBoolean("adjust_offsets", true);
            return input -> new WordDelimiterGraphFilter(
                input, adjust, org.apache.lucene.analysis.miscellaneous.WordDelimiterIterator.DEFAULT_WORD_DELIM_TABLE, flags, words);
        });
        plain("flatten_graph", (environment, s) -> FlattenGraphFilter::new);
        plain("cjk_bigram", (environment, s) -> CJKBigramFilter::new);
    }

    private static int delimiterFlags(Settings s) {
        int flags = 0;
        flags |= s.getAsBoolean("generate_word_parts", true) ? WordDelimiterGraphFilter.GENERATE_WORD_PARTS : 0;
        flags |= s.getAsBoolean("generate_number_parts", true) ? WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS : 0;
        flags |= s.getAsBoolean("catenate_words", false) ? WordDelimiterGraphFilter.CATENATE_WORDS : 0;
        flags |= s.getAsBoolean("catenate_numbers", false) ? WordDelimiterGraphFilter.CATENATE_NUMBERS : 0;
        flags |= s.getAsBoolean("catenate_all", false) ? WordDelimiterGraphFilter.CATENATE_ALL : 0;
        flags |= s.getAsBoolean("split_on_case_change", true) ? WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE : 0;
        flags |= s.getAsBoolean("preserve_original", false) ? WordDelimiterGraphFilter.PRESERVE_ORIGINAL : 0;
        flags |= s.getAsBoolean("split_on_numerics", true) ? WordDelimiterGraphFilter.SPLIT_ON_NUMERICS : 0;
        flags |= s.getAsBoolean("stem_english_possessive", true) ? WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE : 0;
        flags |= s.getAsBoolean("ignore_keywords", false) ? WordDelimiterGraphFilter.IGNORE_KEYWORDS : 0;
        return flags;
    }

    private void withRules() {
        configured("pattern_capture", (environment, s) -> {
            Pattern[] patterns = required(s.getAsList("patterns"), "patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
            boolean original = s.getAsBoolean("preserve_original", true);
            return input -> new PatternCaptureGroupTokenFilter(input, original, patterns);
        });
        configured("pattern_replace", (environment, s) -> {
            Pattern pattern = Tokenization.pattern(s);
            String replacement = s.get("replacement", "");
            boolean all = s.getAsBoolean("all", true);
            return input -> new PatternReplaceFilter(input, pattern, replacement, all);
        });
        found.put("synonym", AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, name, s) -> new Synonyms(name, false, environment, s)));
        found.put("synonym_graph", AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, name, s) -> new Synonyms(name, true, environment, s)));
    }

    private static CharArraySet words(Environment environment, Settings settings, String key, boolean ignoreCase) {
        return new CharArraySet(required(Analysis.getWordList(environment, settings, key), key), ignoreCase);
    }

    private static List<String> required(List<String> given, String key) {
        if (given == null || given.isEmpty()) {
            throw new IllegalArgumentException("the parameter `" + key + "` is missing");
        }
        return given;
    }

    @FunctionalInterface
    private interface Maker {
        UnaryOperator<TokenStream> make(Environment environment, Settings settings) throws IOException;
    }

    private void plain(String name, Maker maker) {
        found.put(name, (index, environment, given, settings) -> new Plain(given, maker.make(environment, settings)));
    }

    private void normalizing(String name, Maker maker) {
        found.put(name, (index, environment, given, settings) -> new Normalizing(given, maker.make(environment, settings)));
    }

    /** A filter that means nothing without its parameters, so that it cannot be named bare. */
    private void configured(String name, Maker maker) {
        found.put(name, AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, given, settings) -> new Plain(given, maker.make(environment, settings))));
    }

    private record Plain(String name, UnaryOperator<TokenStream> chain) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return chain.apply(input);
        }
    }

    private record Normalizing(String name, UnaryOperator<TokenStream> chain) implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return chain.apply(input);
        }
    }

    /** A normalizer yields one token, so there the original is not kept beside the folded form. */
    private record Folding(String name, boolean original) implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new ASCIIFoldingFilter(input, original);
        }

        @Override
        public TokenStream normalize(TokenStream input) {
            return new ASCIIFoldingFilter(input, false);
        }

        @Override
        public TokenFilterFactory getSynonymFilter() {
            return original ? new Folding(name, false) : this;
        }
    }
}
