/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.io.IOException;
import java.io.StringReader;
import java.text.ParseException;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymFilter;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.util.CharsRef;
import org.apache.lucene.util.CharsRefBuilder;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalysisMode;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;

/**
 * The filters `synonym` and `synonym_graph` with `synonyms` or `synonyms_path`, `expand`, `lenient` and `updateable`, in
 * Solr's format. The rules are analysed by what stands before the filter in its analyzer, as Elasticsearch does.
 */
@SuppressWarnings("deprecation") // `synonym` is Lucene's older SynonymFilter, as in Elasticsearch
final class Synonyms implements TokenFilterFactory {

    private final String name;
    private final boolean graph;
    private final String rules;
    private final boolean expand;
    private final boolean lenient;
    private final AnalysisMode mode;

    Synonyms(String name, boolean graph, Environment environment, Settings settings) {
        List<String> lines = Analysis.getWordList(environment, settings, "synonyms");
        if (lines == null) {
            throw new IllegalArgumentException("`" + name + "` requires either `synonyms` or `synonyms_path`");
        }
        if (settings.get("format", "solr").equals("solr") == false) {
            throw new IllegalArgumentException("the local stack knows the synonym format `solr` only");
        }
        this.name = name;
        this.graph = graph;
        this.rules = String.join("\n", lines);
        this.expand = settings.getAsBoolean("expand", true);
        boolean updateable = settings.getAsBoolean("updateable", false);
        this.lenient = settings.getAsBoolean("lenient", updateable);
        this.mode = updateable ? AnalysisMode.SEARCH_TIME : AnalysisMode.ALL;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AnalysisMode getAnalysisMode() {
        return mode;
    }

    @Override
    public TokenStream create(TokenStream input) {
        throw new IllegalStateException("a synonym filter needs the filters before it; call getChainAwareTokenFilterFactory");
    }

    @Override
    public TokenFilterFactory getChainAwareTokenFilterFactory(
        IndexCreationContext context,
        TokenizerFactory tokenizer,
        List<CharFilterFactory> charFilters,
        List<TokenFilterFactory> before,
        Function<String, TokenFilterFactory> all
    ) {
        SynonymMap map = parse(new CustomAnalyzer(
            tokenizer,
            charFilters.toArray(CharFilterFactory[]::new),
            before.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new)));
        return new Ready(name, map, graph, mode);
    }

    private SynonymMap parse(Analyzer analyzer) {
        Parser parser = new Parser(expand, lenient, analyzer);
        try {
            parser.parse(new StringReader(rules));
            return parser.build();
        } catch (IOException | ParseException error) {
            throw new IllegalArgumentException("cannot read the synonyms of `" + name + "`: " + error.getMessage(), error);
        }
    }

    /** Passes over rules that nothing is left of, where `lenient`. */
    private static final class Parser extends SolrSynonymParser {
        private final boolean lenient;

        Parser(boolean expand, boolean lenient, Analyzer analyzer) {
            super(true, expand, analyzer);
            this.lenient = lenient;
        }

        @Override
        public CharsRef analyze(String text, CharsRefBuilder reuse) throws IOException {
            try {
                return super.analyze(text, reuse);
            } catch (IllegalArgumentException error) {
                if (lenient) {
                    return new CharsRef("");
                }
                throw error;
            }
        }

        @Override
        public void add(CharsRef input, CharsRef output, boolean includeOriginal) {
            if (lenient && (input.length == 0 || output.length == 0)) {
                return;
            }
            super.add(input, output, includeOriginal);
        }
    }

    private record Ready(String name, SynonymMap map, boolean graph, AnalysisMode mode) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            if (map.fst == null) {
                return input;
            }
            return graph ? new SynonymGraphFilter(input, map, false) : new SynonymFilter(input, map, false);
        }

        @Override
        public TokenFilterFactory getSynonymFilter() {
            return IDENTITY_FILTER; // the rules of a later synonym filter are not widened by this one
        }

        @Override
        public AnalysisMode getAnalysisMode() {
            return mode;
        }
    }
}
