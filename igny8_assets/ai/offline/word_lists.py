"""Word lists of English: small words, acronyms, names, and nouns by how they are counted."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL_WORDS = _words("a an and as at but by for in nor of on or per the to via vs")
ACRONYMS = _words(
    "ai api b2b b2c cbd cms cpu crm css diy dna erp eu faq gdpr gps gpu hr html hvac ibs iot ip kpi led nas nfc ocd "
    "pc pcos pdf php ppc pvc rfid roi rv saas sdk seo sms sql ssd ssl tv ui uk url usa usb ux vat vpn vr xml "
)
PROPER_WORDS = _words(
    "africa african amazon america american amsterdam april arabic asia asian australia australian austrian belgian "
    "berlin brazil brazilian british canada canadian china chinese christmas colombian cuban danish december dutch "
    "easter egyptian english ethiopian europe european facebook february finnish france french friday german "
    "germany google greek guatemalan halloween hawaiian hungarian i india indian indonesian instagram ireland irish "
    "israeli italian italy jamaican january japan japanese july june kenyan korean lebanese linkedin london mexican "
    "mexico microsoft monday moroccan norwegian november october paris persian peruvian portuguese roman romanian "
    "russian saturday scottish september shopify spain spanish sunday swedish swiss thai thanksgiving thursday "
    "tiktok tuesday turkish ukrainian vietnamese wednesday welsh wordpress youtube "
)
PREPOSITIONS = _words(
    "about above across after against around as at before behind below beside between by during for from in inside "
    "into like near of off on onto outside over per than that through to under until versus via vs which while with "
    "within without "
)
DETERMINERS = _words("a an any each every her his its my no our some that the their these this those your ")
TRAILING_WORDS = _words("abroad again free local nearby now online only open today tonight ")
UNCOUNTED_NOUNS = _words(
    "advice air art automation baggage beef beer biology bitcoin blood bread brew business butcher butter caffeine "
    "care cash chemistry chicken chocolate cinnamon clothing coffee cold content copper cotton cream crypto data "
    "debt denim descaling diesel dirt dust education electricity email energy equipment espresso extraction fat "
    "feedback fish flour food footwear fruit fuel fun furniture garlic gas glass gold grass hair hardware health "
    "heat help history homework honey hosting hot housing hydration ice immigration income inflation information "
    "ink insurance interest iron jewellery jewelry knowledge language leather light lighting linen literature luck "
    "luggage lumber machinery maintenance makeup meat media meditation milk money mud music news noise nutrition "
    "oil packaging paint paper pasta payroll pepper plaster pollination pollution pork powder privacy protein rain "
    "research rice rubber safety salt sand sanitation sauce science security seo sex shampoo silk silver skin sleep "
    "snow soap software soil space sport stuff sugar support tax tea technology temperature timber time traffic "
    "transport travel trouble underwear vegetation ventilation vinegar vocabulary water wax wealth weather weight "
    "wheat wifi wine wood wool work yoga yoghurt yogurt zinc "
)
COUNTED_ING_NOUNS = _words(
    "building ceiling crossing drawing earring evening filling greeting hearing king meeting morning offering "
    "opening painting rating recording ring setting spring string swing wedding wing "
)
COUNTED_NOUNS = _words(
    "account apartment app backpack bag bath bathroom battery bed bedroom bike blanket blog board boat book boot "
    "bottle bowl box brand broom bucket budget building burr bus cake camera campaign candle car card carpet cat "
    "chair chart chatbot clock club coat company contract couch course cup curtain deck desk dish dog domain door "
    "drain dress drill engine event fan faucet fence file fire flight floor fork frame fridge garage garden gate "
    "gift grill guitar gun hammer hat headset hedge hose hotel house invoice jacket jar job key keyboard kit "
    "kitchen knife lamp laptop lawn lawnmower lease letter licence license lid list loan lock logo map mask "
    "mattress meal membership mirror mop mortgage mouse mug nail name newsletter oven page pan passport patio pet "
    "phone piano pillow pipe plan plane plant plate podcast pool portfolio pot press pump puppy rack recipe "
    "restaurant resume roof room rug saw scale school screen screw seat shelf shirt shoe shop shower sink site sofa "
    "spoon stain stand startup store stove subscription suit sweater table tablet tank team tent test ticket tile "
    "toilet tool toy tree truck tub tv umbrella van vase video visa wall wallet watch website wedding well wheel "
    "wig window workflow wreath wrench yard "
)
# Words that carry no topic; search plugins leave them out of a keyphrase.
FUNCTION_WORDS = _words(
    "a an and are as at be but by can could did do does for from how i in is it its me my of on or our should that the "
    "this to was we were what when where which who why will with without would you your "
)
# Verbs that make one noun with the little word after them: a walk-in closet, a clip-on light.
PHRASAL_VERBS = _words("bolt built check clip drive drop log lay plug pull push roll sign slide slip stand take walk")
# They end like counted nouns but are none, or not after a verb.
NO_COUNTED_NOUNS = _words(
    "after anger better bigger bitter cheaper color colour darker decor dinner earlier easier either ever faster "
    "fine forever greater happier harder healthier higher humor humour hunger labor labour larger later laughter "
    "lighter litter little longer lower major matter medicine minor never newer older online other over poor power "
    "proper quicker smaller smarter softer sooner stronger summer super thicker thinner together under wider winter "
    "wonder younger "
)
