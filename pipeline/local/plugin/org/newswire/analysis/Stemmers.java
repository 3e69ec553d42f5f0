/* Part of Newswire, Apache-2.0. */
package org.newswire.analysis;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicStemFilter;
import org.apache.lucene.analysis.bg.BulgarianStemFilter;
import org.apache.lucene.analysis.bn.BengaliStemFilter;
import org.apache.lucene.analysis.br.BrazilianStemFilter;
import org.apache.lucene.analysis.ckb.SoraniStemFilter;
import org.apache.lucene.analysis.cz.CzechStemFilter;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanMinimalStemFilter;
import org.apache.lucene.analysis.el.GreekStemFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishLightStemFilter;
import org.apache.lucene.analysis.es.SpanishPluralStemFilter;
import org.apache.lucene.analysis.fa.PersianStemFilter;
import org.apache.lucene.analysis.fi.FinnishLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchMinimalStemFilter;
import org.apache.lucene.analysis.gl.GalicianMinimalStemFilter;
import org.apache.lucene.analysis.gl.GalicianStemFilter;
import org.apache.lucene.analysis.hi.HindiStemFilter;
import org.apache.lucene.analysis.hu.HungarianLightStemFilter;
import org.apache.lucene.analysis.id.IndonesianStemFilter;
import org.apache.lucene.analysis.it.ItalianLightStemFilter;
import org.apache.lucene.analysis.lv.LatvianStemFilter;
import org.apache.lucene.analysis.no.NorwegianLightStemFilter;
import org.apache.lucene.analysis.no.NorwegianMinimalStemFilter;
import org.apache.lucene.analysis.pt.PortugueseLightStemFilter;
import org.apache.lucene.analysis.pt.PortugueseMinimalStemFilter;
import org.apache.lucene.analysis.pt.PortugueseStemFilter;
import org.apache.lucene.analysis.ru.RussianLightStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sv.SwedishLightStemFilter;
import org.apache.lucene.analysis.sv.SwedishMinimalStemFilter;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.ArmenianStemmer;
import org.tartarus.snowball.ext.BasqueStemmer;
import org.tartarus.snowball.ext.CatalanStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.EstonianStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.IrishStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.LithuanianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PorterStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SerbianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/** The languages of the filters `stemmer` and `snowball`. */
final class Stemmers {

    private Stemmers() {}

    /** The value of `language` (or `name`) of the filter `stemmer`. */
    static UnaryOperator<TokenStream> stemmer(String language) {
        return switch (language) {
            case "arabic" -> ArabicStemFilter::new;
            case "bengali" -> BengaliStemFilter::new;
            case "brazilian" -> BrazilianStemFilter::new;
            case "bulgarian" -> BulgarianStemFilter::new;
            case "czech" -> CzechStemFilter::new;
            case "english", "porter" -> PorterStemFilter::new;
            case "light_english", "kstem" -> KStemFilter::new;
            case "minimal_english" -> EnglishMinimalStemFilter::new;
            case "possessive_english" -> EnglishPossessiveFilter::new;
            case "porter2" -> snowball(EnglishStemmer::new);
            case "light_finnish" -> FinnishLightStemFilter::new;
            case "light_french" -> FrenchLightStemFilter::new;
            case "minimal_french" -> FrenchMinimalStemFilter::new;
            case "galician" -> GalicianStemFilter::new;
            case "minimal_galician" -> GalicianMinimalStemFilter::new;
            case "light_german" -> GermanLightStemFilter::new;
            case "minimal_german" -> GermanMinimalStemFilter::new;
            case "german2" -> snowball(GermanStemmer::new);
            case "greek" -> GreekStemFilter::new;
            case "hindi" -> HindiStemFilter::new;
            case "light_hungarian" -> HungarianLightStemFilter::new;
            case "indonesian" -> IndonesianStemFilter::new;
            case "light_italian" -> ItalianLightStemFilter::new;
            case "latvian" -> LatvianStemFilter::new;
            case "light_norwegian" -> NorwegianLightStemFilter::new;
            case "minimal_norwegian" -> NorwegianMinimalStemFilter::new;
            case "persian" -> PersianStemFilter::new;
            case "light_portuguese" -> PortugueseLightStemFilter::new;
            case "minimal_portuguese" -> PortugueseMinimalStemFilter::new;
            case "portuguese_rslp" -> PortugueseStemFilter::new;
            case "light_russian" -> RussianLightStemFilter::new;
            case "sorani" -> SoraniStemFilter::new;
            case "light_spanish" -> SpanishLightStemFilter::new;
            case "spanish_plural" -> SpanishPluralStemFilter::new;
            case "light_swedish" -> SwedishLightStemFilter::new;
            case "minimal_swedish" -> SwedishMinimalStemFilter::new;
            default -> snowball(language);
        };
    }

    /** The value of `language` of the filter `snowball`, in either case. */
    static UnaryOperator<TokenStream> snowball(String language) {
        return switch (language.toLowerCase(java.util.Locale.ROOT)) {
            case "armenian" -> snowball(ArmenianStemmer::new);
            case "basque" -> snowball(BasqueStemmer::new);
            case "catalan" -> snowball(CatalanStemmer::new);
            case "danish" -> snowball(DanishStemmer::new);
            case "dutch" -> snowball(DutchStemmer::new);
            case "english" -> snowball(EnglishStemmer::new);
            case "estonian" -> snowball(EstonianStemmer::new);
            case "finnish" -> snowball(FinnishStemmer::new);
            case "french" -> snowball(FrenchStemmer::new);
            case "german" -> snowball(GermanStemmer::new);
            case "hungarian" -> snowball(HungarianStemmer::new);
            case "irish" -> snowball(IrishStemmer::new);
            case "italian" -> snowball(ItalianStemmer::new);
            case "lithuanian" -> snowball(LithuanianStemmer::new);
            case "norwegian" -> snowball(NorwegianStemmer::new);
            case "porter" -> snowball(PorterStemmer::new);
            case "portuguese" -> snowball(PortugueseStemmer::new);
            case "romanian" -> snowball(RomanianStemmer::new);
            case "russian" -> snowball(RussianStemmer::new);
            case "serbian" -> snowball(SerbianStemmer::new);
            case "spanish" -> snowball(SpanishStemmer::new);
            case "swedish" -> snowball(SwedishStemmer::new);
            case "turkish" -> snowball(TurkishStemmer::new);
            default -> throw new IllegalArgumentException("the local stack knows no stemmer `" + language + "`");
        };
    }

    private static UnaryOperator<TokenStream> snowball(Supplier<SnowballStemmer> make) {
        return input -> new SnowballFilter(input, make.get()); // a stemmer has state: one for each stream
    }
}
