// Judges one PDF against PDF/UA-1 with veraPDF, and prints one line per fact, fields separated by tabs:
//   rules   <number of rules>
//   checks  <number of checks made>
//   failure <clause-test> <times> <first place> <what the rule asks>
// The jar that brings veraPDF leaves out the XML binding its own profile reader needs, hence the reading by DOM.

import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public final class PdfUaJudge {
    private static final PDFAFlavour UA1 = PDFAFlavour.PDFUA_1;

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = readProfile();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(arguments[0]), UA1);
                PDFAValidator validator = ValidatorFactory.createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println("rules\t" + profile.getRules().size());
            System.out.println("checks\t" + result.getTotalAssertions());
            Map<RuleId, String> places = new LinkedHashMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                places.putIfAbsent(assertion.getRuleId(), assertion.getLocation().getContext());
            }
            for (Map.Entry<RuleId, Integer> failed : result.getFailedChecks().entrySet()) {
                RuleId id = failed.getKey();
                String asked = profile.getRuleByRuleId(id).getDescription();
                System.out.println(String.join("\t", "failure", id.getClause() + "-" + id.getTestNumber(),
                        failed.getValue().toString(), oneLine(places.get(id)), oneLine(asked)));
            }
        }
    }

    private static ValidationProfile readProfile() throws Exception {
        Document document;
        try (InputStream xml = Profiles.class.getResourceAsStream("/org/verapdf/pdfa/validation/PDFUA-1.xml")) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
        }
        Set<Rule> rules = new LinkedHashSet<>();
        for (Element rule : elements(document.getDocumentElement(), "rule")) {
            Element id = elements(rule, "id").get(0);
            rules.add(Profiles.ruleFromValues(
                    Profiles.ruleIdFromValues(
                            PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                            id.getAttribute("clause"),
                            Integer.parseInt(id.getAttribute("testNumber"))),
                    rule.getAttribute("object"),
                    // A deferred rule waits for the whole document: headings skipped, language never set.
                    Boolean.valueOf(rule.getAttribute("deferred")),
                    rule.getAttribute("tags"),
                    text(rule, "description"),
                    text(rule, "test"),
                    Profiles.errorFromValues(text(rule, "message"), new ArrayList<>()),
                    new ArrayList<>()));
        }
        Set<Variable> variables = new LinkedHashSet<>();
        for (Element variable : elements(document.getDocumentElement(), "variable")) {
            variables.add(Profiles.variableFromValues(variable.getAttribute("name"), variable.getAttribute("object"),
                    text(variable, "defaultValue"), text(variable, "value")));
        }
        return Profiles.profileFromValues(UA1, Profiles.profileDetailsFromValues("PDF/UA-1", "", "veraPDF", new Date(0)),
                "", rules, variables);
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    private static String text(Element parent, String name) {
        return elements(parent, name).get(0).getTextContent();
    }

    private static String oneLine(String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ");
    }
}
