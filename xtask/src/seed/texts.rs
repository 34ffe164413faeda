//! What the simulated visitors say: written by hand, about the demo's tea shop, in the languages of its customers.

use hearback_shared::item::FeedbackKind::{self, Bug, Idea, Praise, Question};

/// One piece of feedback.
pub(super) struct Said {
    /// What they say it is.
    pub kind: FeedbackKind,
    /// Their language.
    pub lang: &'static str,
    /// The page it is about.
    pub page: &'static str,
    /// 1 to 5, or 0 for none.
    pub rating: u8,
    /// Their words.
    pub text: &'static str,
}

const fn said(
    kind: FeedbackKind,
    lang: &'static str,
    page: &'static str,
    rating: u8,
    text: &'static str,
) -> Said {
    Said {
        kind,
        lang,
        page,
        rating,
        text,
    }
}

/// All of it. The order is that of the writing; visitors take from it in an order of their own.
pub(super) const ALL: [Said; 62] = [
    said(
        Bug,
        "en",
        "/checkout",
        1,
        "Pressed “Pay now” three times and got “the payment service did not answer” each time. My card shows two reservations. Please check.",
    ),
    said(
        Bug,
        "en",
        "/checkout",
        2,
        "Checkout failed, and when I came back my address was gone. Typing it all again on a phone is no fun.",
    ),
    said(
        Bug,
        "de",
        "/checkout",
        1,
        "Die Bezahlung bricht ab, sobald ich auf „Jetzt zahlen“ drücke. Habe es mit zwei Karten versucht.",
    ),
    said(
        Bug,
        "en",
        "/checkout",
        2,
        "Payment spinner for about a minute, then an error. Second try worked. Was I charged twice?",
    ),
    said(
        Bug,
        "fr",
        "/checkout",
        1,
        "Le paiement échoue une fois sur trois. J’ai fini par commander depuis l’ordinateur de ma fille.",
    ),
    said(
        Bug,
        "es",
        "/checkout",
        2,
        "Al pagar me sale un error y no sé si el pedido se ha hecho o no. Debería decirlo claramente.",
    ),
    said(
        Bug,
        "en",
        "/checkout",
        0,
        "The error message says to try again later. How much later? I closed the tab and bought elsewhere, sorry.",
    ),
    said(
        Bug,
        "en",
        "/cart",
        3,
        "Changing the quantity in the cart does not update the total until I reload the page.",
    ),
    said(
        Bug,
        "de",
        "/cart",
        2,
        "Im Warenkorb steht „2 × Slow Train“, obwohl ich nur einmal geklickt habe. Passiert am iPhone.",
    ),
    said(
        Bug,
        "en",
        "/",
        3,
        "Search finds nothing for “earl grey” but you clearly sell bergamot blends. Maybe it only looks at names?",
    ),
    said(
        Bug,
        "pt",
        "/",
        2,
        "A pesquisa não encontra nada quando escrevo com acentos.",
    ),
    said(
        Bug,
        "en",
        "/about",
        2,
        "The big hillside picture takes forever on my connection and the text below it only makes sense once it is there.",
    ),
    said(
        Bug,
        "it",
        "/tea/orchard-gate",
        3,
        "La pagina dice che è senza caffeina, ma nella scheda c’è scritto “con tè verde”. Qual è giusto?",
    ),
    said(
        Bug,
        "en",
        "/tea/glass-lake",
        2,
        "Price per 100 g is wrong: 21 € for 40 g is 52.50 €, the page says 50.25 €.",
    ),
    said(
        Bug,
        "ja",
        "/checkout",
        2,
        "住所の入力欄で日本の郵便番号が受け付けられません。",
    ),
    said(
        Bug,
        "en",
        "/",
        3,
        "With the keyboard I cannot see which tea is focused. I have to guess where I am.",
    ),
    said(
        Bug,
        "nl",
        "/cart",
        3,
        "De knop ‘Verwijderen’ staat zo dicht bij ‘+’ dat ik op mijn telefoon steeds de verkeerde raak.",
    ),
    said(
        Bug,
        "en",
        "/checkout",
        1,
        "Discount code SPRING refuses to apply although your newsletter says it runs until Sunday.",
    ),
    said(
        Idea,
        "en",
        "/tea/first-light",
        4,
        "A “brew timer” button next to the minutes would be lovely. I always forget the second steep.",
    ),
    said(
        Idea,
        "en",
        "/cart",
        4,
        "Please let me save a cart as “the usual” and order it again every month.",
    ),
    said(
        Idea,
        "de",
        "/",
        4,
        "Eine Probierbox mit fünf kleinen Tüten wäre toll. Ich traue mich nicht, gleich 100 g zu kaufen.",
    ),
    said(
        Idea,
        "en",
        "/",
        5,
        "Sampler packs! 10 g each, pick any five. I would order today.",
    ),
    said(
        Idea,
        "fr",
        "/tea/night-garden",
        4,
        "Pourriez-vous indiquer si le sachet est compostable ? C’est ce qui me décide.",
    ),
    said(
        Idea,
        "en",
        "/checkout",
        3,
        "Pay by bank transfer or invoice for offices. Our kitchen goes through a kilo a month.",
    ),
    said(
        Idea,
        "es",
        "/",
        4,
        "Me gustaría filtrar por “sin teína”. Compro para mis padres y tengo que abrir cada ficha.",
    ),
    said(
        Idea,
        "en",
        "/",
        4,
        "A filter for caffeine-free teas, please. I am opening every product to find out.",
    ),
    said(
        Idea,
        "de",
        "/tea/slow-train",
        4,
        "Bitte Wassertemperatur auch auf die Tüte drucken, nicht nur auf die Website.",
    ),
    said(
        Idea,
        "en",
        "/tea/common-room",
        3,
        "Show when a tea was packed. For greens that matters more to me than the origin story.",
    ),
    said(
        Idea,
        "pl",
        "/",
        4,
        "Przydałaby się lista ulubionych, żeby wrócić do herbat, które już piłem.",
    ),
    said(
        Idea,
        "en",
        "/cart",
        4,
        "Gift wrapping with a handwritten card. You are that kind of shop, I would pay 3 € for it.",
    ),
    said(
        Idea,
        "pt",
        "/checkout",
        3,
        "Aceitem MB Way, por favor. Sem isso os meus pais não conseguem comprar.",
    ),
    said(
        Idea,
        "en",
        "/about",
        4,
        "I would read a page about the smokehouse with photographs. The story is the reason I bought North Harbour.",
    ),
    said(
        Idea,
        "it",
        "/",
        3,
        "Sarebbe comodo vedere il prezzo al chilo per confrontare i tè tra loro.",
    ),
    said(
        Idea,
        "ar",
        "/",
        4,
        "أتمنى أن تكون هناك نسخة عربية من الموقع، فالشحن إلى دبي متاح لكن الصفحات كلها بالإنجليزية.",
    ),
    said(
        Praise,
        "en",
        "/tea/paper-lantern",
        5,
        "Six steeps and the last one was the best. Also the first tea site whose photos do not shout at me.",
    ),
    said(
        Praise,
        "en",
        "/",
        5,
        "Calm, quick, no pop-ups. I bought two bags because the page left me alone.",
    ),
    said(
        Praise,
        "de",
        "/tea/north-harbour",
        5,
        "Der North Harbour hat meinen Vater zum Weinen gebracht (vor Freude, er kennt den Rauch von früher). Danke!",
    ),
    said(
        Praise,
        "fr",
        "/tea/night-garden",
        5,
        "Commande reçue en deux jours, emballage soigné, et un mot manuscrit. Merci à l’équipe !",
    ),
    said(
        Praise,
        "en",
        "/checkout",
        4,
        "Guest checkout without an account. Thank you, thank you, thank you.",
    ),
    said(
        Praise,
        "es",
        "/tea/orchard-gate",
        5,
        "A mis hijos les encanta Orchard Gate y por fin dejan el zumo. ¡Gracias!",
    ),
    said(
        Praise,
        "en",
        "/about",
        5,
        "You answered my question about the farm within an hour. On a Sunday! That is why I stay.",
    ),
    said(
        Praise,
        "ja",
        "/tea/first-light",
        5,
        "First Lightの香りが素晴らしかったです。また注文します。",
    ),
    said(
        Praise,
        "nl",
        "/",
        4,
        "Mooie site, laadt snel in de trein. En de thee is ook nog lekker.",
    ),
    said(
        Praise,
        "en",
        "/tea/glass-lake",
        5,
        "I forgot the kettle, as you predicted, and Glass Lake forgave me, as you predicted.",
    ),
    said(
        Praise,
        "it",
        "/tea/common-room",
        4,
        "Ottimo con la menta fresca. La scheda con i minuti è precisa.",
    ),
    said(
        Praise,
        "pl",
        "/tea/slow-train",
        5,
        "Najlepsza czarna herbata, jaką piłam od lat. Mleko nie jest konieczne.",
    ),
    said(
        Praise,
        "en",
        "/cart",
        4,
        "Love that the cart remembers what I put in yesterday.",
    ),
    said(
        Praise,
        "zh",
        "/tea/paper-lantern",
        5,
        "包装很用心，茶叶很新鲜，下次还会再买。",
    ),
    said(
        Question,
        "en",
        "/checkout",
        0,
        "Do you ship to Norway, and who pays the customs? The checkout offers the country but says nothing about duties.",
    ),
    said(
        Question,
        "de",
        "/tea/first-light",
        0,
        "Wie lange hält sich der Sencha nach dem Öffnen? Auf der Seite steht nur „kühl und dunkel“.",
    ),
    said(
        Question,
        "en",
        "/tea/night-garden",
        0,
        "Is Night Garden safe during pregnancy? I know you are not doctors, but what exactly is in it?",
    ),
    said(
        Question,
        "fr",
        "/cart",
        0,
        "La livraison gratuite, c’est à partir de combien ? Je ne trouve l’information nulle part.",
    ),
    said(
        Question,
        "en",
        "/cart",
        3,
        "Where do I enter a voucher? I looked in the cart and on the next page and found no field.",
    ),
    said(
        Question,
        "es",
        "/about",
        0,
        "¿Tenéis tienda física en Barcelona o solo vendéis por internet?",
    ),
    said(
        Question,
        "en",
        "/tea/slow-train",
        0,
        "Is Slow Train organic now? The old bag had the leaf on it, the new one has not.",
    ),
    said(
        Question,
        "pt",
        "/checkout",
        0,
        "Quanto tempo demora a entrega nos Açores?",
    ),
    said(
        Question,
        "en",
        "/checkout",
        2,
        "I ordered on Tuesday and got no confirmation. Did it go through? The page failed once before it worked.",
    ),
    said(
        Question,
        "nl",
        "/tea/orchard-gate",
        0,
        "Zitten er noten of sporen van noten in Orchard Gate? Mijn dochter is allergisch.",
    ),
    said(
        Question,
        "de",
        "/checkout",
        0,
        "Kann ich auf Rechnung bestellen? Wir sind ein Verein und haben keine Kreditkarte.",
    ),
    said(
        Question,
        "en",
        "/",
        4,
        "Will the May sencha come back this year or was that a one-off?",
    ),
    said(
        Question,
        "it",
        "/about",
        0,
        "Fate anche degustazioni? Verrei volentieri da Milano con un gruppo di amici.",
    ),
    said(Question, "zh", "/checkout", 0, "可以寄到台湾吗？运费大概多少？"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_kinds_are_spoken_in_several_languages() {
        for kind in FeedbackKind::ALL {
            let languages: std::collections::BTreeSet<_> = ALL
                .iter()
                .filter(|said| said.kind == kind)
                .map(|said| said.lang)
                .collect();
            assert!(languages.len() >= 5, "{kind:?}: {languages:?}");
        }
    }

    #[test]
    fn ratings_are_within_their_limit() {
        assert!(
            ALL.iter()
                .all(|said| said.rating <= hearback_shared::limits::RATING_MAX)
        );
    }
}
