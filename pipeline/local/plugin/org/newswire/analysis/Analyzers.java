/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Lucene's language analyzers, each with the parameters `stopwords` and `stem_exclusion`. */
final class Analyzers {

    private final Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> found = new HashMap<>();

    private Analyzers() {}

    static Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> all() {
        Analyzers is = new Analyzers();
        is.stemming("arabic", ArabicAnalyzer.getDefaultStopSet(), ArabicAnalyzer::new);
        is.stemming("armenian", ArmenianAnalyzer.getDefaultStopSet(), ArmenianAnalyzer::new);
        is.stemming("basque", BasqueAnalyzer.getDefaultStopSet(), BasqueAnalyzer::new);
        is.stemming("bengali", BengaliAnalyzer.getDefaultStopSet(), BengaliAnalyzer::new);
        is.stemming("brazilian", BrazilianAnalyzer.getDefaultStopSet(), BrazilianAnalyzer::new);
        is.stemming("bulgarian", BulgarianAnalyzer.getDefaultStopSet(), BulgarianAnalyzer::new);
        is.stemming("catalan", CatalanAnalyzer.getDefaultStopSet(), CatalanAnalyzer::new);
        is.plain("cjk", CJKAnalyzer.getDefaultStopSet(), CJKAnalyzer::new);
        is.stemming("czech", CzechAnalyzer.getDefaultStopSet(), CzechAnalyzer::new);
        is.stemming("danish", DanishAnalyzer.getDefaultStopSet(), DanishAnalyzer::new);
        is.stemming("dutch", DutchAnalyzer.getDefaultStopSet(), DutchAnalyzer::new);
        is.stemming("english", EnglishAnalyzer.getDefaultStopSet(), EnglishAnalyzer::new);
        is.stemming("estonian", EstonianAnalyzer.getDefaultStopSet(), EstonianAnalyzer::new);
        is.stemming("finnish", FinnishAnalyzer.getDefaultStopSet(), FinnishAnalyzer::new);
        is.stemming("french", FrenchAnalyzer.getDefaultStopSet(), FrenchAnalyzer::new);
        is.stemming("galician", GalicianAnalyzer.getDefaultStopSet(), GalicianAnalyzer::new);
        is.stemming("german", GermanAnalyzer.getDefaultStopSet(), GermanAnalyzer::new);
        is.plain("greek", GreekAnalyzer.getDefaultStopSet(), GreekAnalyzer::new);
        is.stemming("hindi", HindiAnalyzer.getDefaultStopSet(), HindiAnalyzer::new);
        is.stemming("hungarian", HungarianAnalyzer.getDefaultStopSet(), HungarianAnalyzer::new);
        is.stemming("indonesian", IndonesianAnalyzer.getDefaultStopSet(), IndonesianAnalyzer::new);
        is.stemming("irish", IrishAnalyzer.getDefaultStopSet(), IrishAnalyzer::new);
        is.stemming("italian", ItalianAnalyzer.getDefaultStopSet(), ItalianAnalyzer::new);
        is.stemming("latvian", LatvianAnalyzer.getDefaultStopSet(), LatvianAnalyzer::new);
        is.stemming("lithuanian", LithuanianAnalyzer.getDefaultStopSet(), LithuanianAnalyzer::new);
        is.stemming("norwegian", NorwegianAnalyzer.getDefaultStopSet(), NorwegianAnalyzer::new);
        is.plain("persian", PersianAnalyzer.getDefaultStopSet(), PersianAnalyzer::new);
        is.stemming("portuguese", PortugueseAnalyzer.getDefaultStopSet(), PortugueseAnalyzer::new);
        is.stemming("romanian", RomanianAnalyzer.getDefaultStopSet(), RomanianAnalyzer::new);
        is.stemming("russian", RussianAnalyzer.getDefaultStopSet(), RussianAnalyzer::new);
        is.stemming("serbian", SerbianAnalyzer.getDefaultStopSet(), SerbianAnalyzer::new);
        is.stemming("sorani", SoraniAnalyzer.getDefaultStopSet(), SoraniAnalyzer::new);
        is.stemming("spanish", SpanishAnalyzer.getDefaultStopSet(), SpanishAnalyzer::new);
        is.stemming("swedish", SwedishAnalyzer.getDefaultStopSet(), SwedishAnalyzer::new);
        is.plain("thai", ThaiAnalyzer.getDefaultStopSet(), ThaiAnalyzer::new);
        is.stemming("turkish", TurkishAnalyzer.getDefaultStopSet(), TurkishAnalyzer::new);
        return is.found;
    }

    private void stemming(String name, CharArraySet stops, BiFunction<CharArraySet, CharArraySet, Analyzer> make) {
        found.put(name, (index, environment, given, settings) -> new Provider(given, make.apply(
            Analysis.parseStopWords(environment, settings, stops),
            Analysis.parseStemExclusion(settings, CharArraySet.EMPTY_SET))));
    }

    private void plain(String name, CharArraySet stops, Function<CharArraySet, Analyzer> make) {
        found.put(name, (index, environment, given, settings) -> new Provider(given, make.apply(
            Analysis.parseStopWords(environment, settings, stops))));
    }

    private static final class Provider extends AbstractIndexAnalyzerProvider<Analyzer> {
        private final Analyzer analyzer;

        Provider(String name, Analyzer analyzer) {
            super(name);
            this.analyzer = analyzer;
        }

        @Override
        public Analyzer get() {
            return analyzer;
        }
    }
}
