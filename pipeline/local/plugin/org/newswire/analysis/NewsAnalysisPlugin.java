/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Gives the server of the local stack, which comes without the module analysis-common, Lucene's own analysis under the
 * names and parameters that the full Elasticsearch documents, so that one index template serves both. What there is,
 * is listed in {@link Analyzers}, {@link Filters} and {@link Tokenization}. Of that module are left out: the analyzers
 * fingerprint, pattern and snowball; the tokenizers char_group, simple_pattern(_split) and thai; the filters common_grams,
 * condition, decompounders, delimited_payload, fingerprint, min_hash, multiplexer, predicate_token_filter and
 * word_delimiter; and synonym sets, which need the module reindex.
 */
public final class NewsAnalysisPlugin extends Plugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Analyzers.all();
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Filters.all();
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Tokenization.tokenizers();
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Tokenization.charFilters();
    }
}
