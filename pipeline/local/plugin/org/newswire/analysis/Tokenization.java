/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.classic.ClassicTokenizer;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.LetterTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenizer;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.analysis.path.PathHierarchyTokenizer;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** Tokenizers and character filters. */
final class Tokenization {

    private Tokenization() {}

    static Map<String, AnalysisProvider<TokenizerFactory>> tokenizers() {
        Map<String, AnalysisProvider<TokenizerFactory>> found = new HashMap<>();
        found.put("uax_url_email", tokenizer(settings -> {
            int length = settings.getAsInt("max_token_length", StandardAnalyzer.DEFAULT_MAX_TOKEN_LENGTH);
            return () -> {
                UAX29URLEmailTokenizer made = new UAX29URLEmailTokenizer();
                made.setMaxTokenLength(length);
                return made;
            };
        }));
        found.put("keyword", tokenizer(settings -> {
            int buffer = settings.getAsInt("buffer_size", 256);
            return () -> new KeywordTokenizer(buffer);
        }));
        found.put("whitespace", tokenizer(settings -> WhitespaceTokenizer::new));
        found.put("letter", tokenizer(settings -> LetterTokenizer::new));
        found.put("classic", tokenizer(settings -> ClassicTokenizer::new));
        found.put("path_hierarchy", tokenizer(settings -> {
            char delimiter = settings.get("delimiter", "/").charAt(0);
            char replacement = settings.get("replacement", String.valueOf(delimiter)).charAt(0);
            int skip = settings.getAsInt("skip", 0);
            return () -> new PathHierarchyTokenizer(delimiter, replacement, skip);
        }));
        found.put("pattern", tokenizer(settings -> {
            Pattern pattern = Pattern.compile(settings.get("pattern", "\\W+"));
            int group = settings.getAsInt("group", -1);
            return () -> new PatternTokenizer(pattern, group);
        }));
        found.put("ngram", tokenizer(settings -> {
            int min = settings.getAsInt("min_gram", 1);
            int max = settings.getAsInt("max_gram", 2);
            refuseTokenChars(settings);
            return () -> new NGramTokenizer(min, max);
        }));
        found.put("edge_ngram", tokenizer(settings -> {
            int min = settings.getAsInt("min_gram", 1);
            int max = settings.getAsInt("max_gram", 2);
            refuseTokenChars(settings);
            return () -> new EdgeNGramTokenizer(min, max);
        }));
        return found;
    }

    static Map<String, AnalysisProvider<CharFilterFactory>> charFilters() {
        Map<String, AnalysisProvider<CharFilterFactory>> found = new HashMap<>();
        found.put("html_strip", (index, environment, name, settings) -> {
            List<String> tags = settings.getAsList("escaped_tags");
            Set<String> kept = tags.isEmpty() ? null : Set.copyOf(tags);
            return new Plain(name, reader -> new HTMLStripCharFilter(reader, kept));
        });
        found.put("mapping", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            List<String> rules = Analysis.getWordList(environment, settings, "mappings");
            if (rules == null) {
                throw new IllegalArgumentException("mapping requires either `mappings` or `mappings_path`");
            }
            NormalizeCharMap map = mappings(rules);
            return new Normalizing(name, reader -> new MappingCharFilter(map, reader));
        }));
        found.put("pattern_replace", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            Pattern pattern = pattern(settings);
            String replacement = settings.get("replacement", "");
            return new Normalizing(name, reader -> new PatternReplaceCharFilter(pattern, replacement, reader));
        }));
        return found;
    }

    /** The parameters `pattern` and `flags`, e.g. "CASE_INSENSITIVE|COMMENTS". */
    static Pattern pattern(Settings settings) {
        String given = settings.get("pattern");
        if (given == null) {
            throw new IllegalArgumentException("the parameter `pattern` is missing");
        }
        int flags = 0;
        for (String flag : settings.get("flags", "").split("\\|")) {
            flags |= switch (flag.trim()) {
                case "" -> 0;
                case "CASE_INSENSITIVE" -> Pattern.CASE_INSENSITIVE;
                case "MULTILINE" -> Pattern.MULTILINE;
                case "DOTALL" -> Pattern.DOTALL;
                case "UNICODE_CASE" -> Pattern.UNICODE_CASE;
                case "CANON_EQ" -> Pattern.CANON_EQ;
                case "UNIX_LINES" -> Pattern.UNIX_LINES;
                case "LITERAL" -> Pattern.LITERAL;
                case "COMMENTS" -> Pattern.COMMENTS;
                case "UNICODE_CHAR_CLASS", "UNICODE_CHARACTER_CLASS" -> Pattern.UNICODE_CHARACTER_CLASS;
                default -> throw new IllegalArgumentException("unknown flag `" + flag + "`");
            };
        }
        return Pattern.compile(given, flags);
    }

    private static NormalizeCharMap mappings(List<String> rules) {
        NormalizeCharMap.Builder builder = new NormalizeCharMap.Builder();
        for (String rule : rules) {
            int arrow = rule.indexOf("=>");
            if (arrow < 1) {
                throw new IllegalArgumentException("not a mapping `from => to`: [" + rule + "]");
            }
            builder.add(unescape(rule.substring(0, arrow).trim()), unescape(rule.substring(arrow + 2).trim()));
        }
        return builder.build();
    }

    private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

    /** Writes out \\uXXXX, \\n, \\t, \\r, \\b, \\f; any other escaped character stands for itself. */
    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
            match.group(2) != null ? String.valueOf((char) Integer.parseInt(match.group(2), 16)) : switch (match.group(1)) {
                case "n" -> "\n";
                case "t" -> "\t";
                case "r" -> "\r";
                case "b" -> "\b";
                case "f" -> "\f";
                default -> match.group(1);
            }));
    }

    private static void refuseTokenChars(Settings settings) {
        if (settings.getAsList("token_chars").isEmpty() == false) {
            throw new IllegalArgumentException("the local stack does not know `token_chars`; use the filter instead");
        }
    }

    private static AnalysisProvider<TokenizerFactory> tokenizer(Function<Settings, Supplier<Tokenizer>> make) {
        return (index, environment, name, settings) -> TokenizerFactory.newFactory(name, make.apply(settings));
    }

    private record Plain(String name, UnaryOperator<Reader> chain) implements CharFilterFactory {
        @Override
        public Reader create(Reader reader) {
            return chain.apply(reader);
        }
    }

    private record Normalizing(String name, UnaryOperator<Reader> chain) implements NormalizingCharFilterFactory {
        @Override
        public Reader create(Reader reader) {
            return chain.apply(reader);
        }
    }
}
