"""What simulated members write, in Italian; the same keys as in English. No form that gives away anybody's gender."""

GREETINGS = ("Ciao {you},", "Salve {you},", "Buongiorno {you},", "Gentile {you},")
SIGNATURES = (
    "Cordiali saluti,\n{me}",
    "Un saluto,\n{me}",
    "A presto,\n{me}",
    "Grazie e saluti,\n{me}",
    "Buon lavoro,\n{me}",
)

SUBJECTS = {
    "career_opportunity": (
        "Una posizione che potrebbe fare al caso tuo",
        "Un ruolo nel settore {field}",
        "Ti interesserebbe un cambiamento?",
        "Cerchiamo una persona come te",
        "Un posto libero nel nostro gruppo",
        "Una nuova posizione, e il tuo nome",
    ),
    "consulting_offer": (
        "Un incarico per te",
        "Un breve progetto di consulenza",
        "Potresti darci un parere?",
        "Consulenza nel settore {field}",
        "Qualche settimana del tuo tempo",
        "Un mandato che chiede esperienza",
    ),
    "new_venture": (
        "Qualcosa di nuovo, appena all'inizio",
        "Cerco soci per un'impresa",
        "Un'idea su cui vorrei il tuo parere",
        "Una start-up nel settore {field}",
        "Nasce un'impresa: ti interessa?",
        "I primi passi di una nuova attività",
    ),
    "job_inquiry": (
        "Il tuo gruppo assume?",
        "Una domanda sul lavoro da voi",
        "Cerco il mio prossimo lavoro",
        "Mi piacerebbe lavorare con voi",
        "Posti liberi nel settore {field}?",
        "La mia esperienza, il vostro gruppo",
    ),
    "expertise_request": (
        "Una domanda da specialisti",
        "Un quarto d'ora della tua competenza",
        "Il tuo parere su un problema",
        "Una domanda sul settore {field}",
        "Posso chiederti un'opinione?",
        "Un problema senza soluzione, per ora",
    ),
    "business_deal": (
        "Una proposta per la tua azienda",
        "Potremmo lavorare insieme?",
        "Una collaborazione da valutare",
        "Meno costi nel settore {field}",
        "Un accordo di fornitura",
        "Qualcosa che può servirvi",
    ),
    "reference_request": (
        "Una referenza, se ti va",
        "Posso fare il tuo nome?",
        "Due righe sul nostro lavoro",
        "Una tua parola aiuterebbe",
        "Ti chiedo una raccomandazione",
        "Potresti garantire per il mio lavoro?",
    ),
    "getting_back_in_touch": (
        "Quanto tempo!",
        "Ti ricordi di me?",
        "Rieccomi",
        "Riprendiamo un vecchio discorso",
        "Da quanto non ci sentiamo",
        "Novità e un saluto",
    ),
}

OPENINGS = {
    "career_opportunity": (
        "cerchiamo una persona che guidi un piccolo gruppo, e il tuo profilo è vicino a quello che avevamo in mente.",
        "seguo la ricerca per una posizione nel settore {field} e vorrei parlartene.",
        "un'azienda con cui lavoro sta assumendo, e la descrizione somiglia molto al tuo profilo.",
        "ho un posto che richiede esperienza e curiosità: mi sembra che tu abbia entrambe.",
        "stiamo crescendo, e la prossima persona che assumiamo deciderà come lavorerà il gruppo.",
        "una delle nostre persone migliori si trasferisce all'estero, e cerco chi ne prenda il posto.",
    ),
    "consulting_offer": (
        "ci serve un parere esterno su un progetto che comincia il mese prossimo.",
        "cerco una consulenza di circa dieci giornate, distribuite su due mesi.",
        "abbiamo un problema nel settore {field} che da soli non riusciamo a risolvere.",
        "vorremmo un secondo parere prima di impegnarci, naturalmente retribuito.",
        "sto formando un piccolo gruppo di specialisti per una revisione.",
        "un nostro cliente cerca una persona con la tua esperienza per un mandato limitato.",
    ),
    "new_venture": (
        "sto avviando un'impresa e cerco le persone con cui cominciare.",
        "con due amici abbiamo lasciato il lavoro per costruire qualcosa di nuovo.",
        "abbiamo un prototipo, i primi clienti e un posto vuoto in cui ti vedrei bene.",
        "lavoro da tempo a un'idea nel settore {field} e vorrei un parere sincero.",
        "stiamo per raccogliere i primi capitali e completiamo il gruppo.",
        "c'è un mercato che nessuno serve bene, e credo di sapere come si fa.",
    ),
    "job_inquiry": (
        "cerco la mia prossima posizione e seguo la vostra azienda da tempo.",
        "ho letto che il tuo gruppo cresce e vorrei propormi.",
        "dopo alcuni anni nel settore {field} vorrei passare a un'azienda come la vostra.",
        "sto per trasferirmi a {place} e cerco lavoro in zona.",
        "vorrei chiederti se prevedete nuove posizioni nei prossimi mesi.",
        "ho appena concluso un lungo progetto e dalla fine del mese ho tempo.",
    ),
    "expertise_request": (
        "lavoro a una questione che sembri conoscere meglio di chiunque altro.",
        "posso chiederti una cosa sul settore {field}? Ti ruberei al massimo un quarto d'ora.",
        "stiamo per scegliere tra due strade e il tuo giudizio ci sarebbe prezioso.",
        "sto scrivendo un articolo e cerco una voce che venga dalla pratica.",
        "ho letto di che cosa ti occupi e vorrei capire come hai affrontato un certo problema.",
        "il nostro progetto pilota dà risultati che non capiamo, e forse tu ne hai visti di simili.",
    ),
    "business_deal": (
        "la mia azienda rifornisce imprese come la vostra, e credo che potremmo farvi risparmiare.",
        "cerchiamo un partner a {place} e la vostra azienda è la prima della lista.",
        "vorrei proporti una collaborazione utile a entrambe le aziende.",
        "abbiamo sviluppato un servizio per il settore {field} e scegliamo i primi clienti.",
        "quest'anno prevediamo un ordine importante e stiamo confrontando i fornitori.",
        "le nostre aziende hanno gli stessi clienti e non sono concorrenti.",
    ),
    "reference_request": (
        "mi candido per un nuovo posto e mi hanno chiesto il nome di chi conosce il mio lavoro.",
        "scriveresti due righe sul progetto che abbiamo condiviso?",
        "un possibile datore di lavoro vorrebbe parlare con chi mi ha visto lavorare.",
        "sto completando il mio profilo e una tua parola avrebbe peso.",
        "posso indicare il tuo nome come referenza? Si tratta di una breve telefonata.",
        "partecipo a una gara, e il cliente chiede referenze nel settore {field}.",
    ),
    "getting_back_in_touch": (
        "ci siamo persi di vista qualche anno fa, e oggi ho ritrovato il tuo profilo.",
        "spero che ti ricordi di me, dai tempi in cui lavoravamo allo stesso piano.",
        "sono cambiate molte cose dall'ultima volta, e mi chiedevo come stai.",
        "la settimana scorsa qualcuno ha fatto il tuo nome, e ho pensato che fosse ora di scriverti.",
        "il mese prossimo passo da {place} e mi farebbe piacere vederti.",
        "ho ritrovato una vecchia foto del nostro gruppo e ho pensato a te.",
    ),
}

DETAILS = {
    "career_opportunity": (
        "Il gruppo ha otto persone, e il posto è compatibile con il part-time e con il lavoro da casa.",
        "Il contratto è a tempo indeterminato, lo stipendio sopra la media e le trasferte sono rare.",
        "Risponderesti alla direzione e potresti scegliere due persone di tua fiducia.",
        "Vorremmo chiudere prima dell'estate, ma per la persona giusta possiamo aspettare.",
        "L'azienda è in utile da undici anni e intende restare indipendente.",
        "Per noi conta quello che hai costruito, non i titoli sul biglietto da visita.",
    ),
    "consulting_offer": (
        "Pensiamo a dieci giornate, quasi tutte a distanza, con un incontro nei nostri uffici.",
        "Il compenso si può discutere: preferiamo pagare bene poche giornate che male molte.",
        "Il risultato sarebbe una relazione di poche pagine su cui il consiglio possa decidere.",
        "Abbiamo dati di tre anni e una collega che li conosce a memoria.",
        "Un primo colloquio naturalmente non impegna nessuno.",
        "Se il lavoro va bene, in autunno è probabile un secondo incarico.",
    ),
    "new_venture": (
        "Abbiamo fondi per diciotto mesi e un primo cliente che paga.",
        "Cerco una persona con cui dividere l'impresa, con una quota vera, non un dipendente.",
        "La tecnologia esiste; manca chi sappia come ragiona il mercato.",
        "Abbiamo parlato per un anno con duecento persone prima di cominciare.",
        "Un acceleratore ci ha offerto un posto da settembre.",
        "Se l'idea ti sembra sbagliata, mi interessa saperlo ancora di più.",
    ),
    "job_inquiry": (
        "Nell'ultimo incarico ho guidato un gruppo di cinque persone e ridotto i costi di un quinto.",
        "Parlo tre lingue e ho l'abitudine di lavorare con persone lontane.",
        "Posso cominciare subito, anche con un progetto di pochi mesi.",
        "Posso mandarti il curriculum, un elenco di progetti e due nomi a cui chiedere.",
        "Della vostra azienda mi attira il modo in cui seguite i progetti lunghi.",
        "Se non sei la persona giusta, mi basterebbe un nome.",
    ),
    "expertise_request": (
        "Abbiamo provato i due metodi dei manuali, e in pratica nessuno dei due regge.",
        "Ti manderei tre domande per iscritto, così rispondi quando ti è comodo.",
        "Quello che mi dici resta tra noi, a meno che tu non voglia comparire.",
        "Non mi aspetto una consulenza gratuita: basterebbe sapere dove guardare.",
        "In cambio ti farei avere volentieri le nostre misure.",
        "Dobbiamo decidere entro fine mese: anche una risposta breve sarebbe utile.",
    ),
    "business_deal": (
        "Tre imprese delle vostre dimensioni lavorano già con noi, e due sono disposte a parlartene.",
        "I prezzi valgono due anni, e il primo anno non c'è un quantitativo minimo.",
        "Una prova durerebbe quattro settimane e vi costerebbe solo una persona di riferimento.",
        "Consegniamo entro cinque giorni in tutto il paese.",
        "Posso mandarti i numeri di un caso simile, senza i nomi.",
        "Se non decidi tu, mi sarebbe utile sapere a chi rivolgermi.",
    ),
    "reference_request": (
        "Bastano tre o quattro frasi, e per farti risparmiare tempo ti manderei una bozza.",
        "Vogliono sapere soprattutto come lavoro con gli altri quando il tempo stringe.",
        "La telefonata durerebbe dieci minuti, all'ora che preferisci.",
        "Naturalmente diresti quello che pensi, nel bene e nel male.",
        "Farei volentieri lo stesso per te, quando ti servisse.",
        "La risposta serve tra due settimane, quindi senza fretta.",
    ),
    "getting_back_in_touch": (
        "Da allora ho cambiato settore, ho traslocato due volte e ho due figli.",
        "Racconto ancora di quella sera in cui si fermò tutto il sistema.",
        "Senti ancora qualcuno del vecchio gruppo?",
        "Vedo che ti occupi ancora di {field}, e che ti fa bene.",
        "Dietro questo messaggio non c'è nessuno scopo, solo curiosità.",
        "Se ti va, ci sentiamo per telefono una di queste sere.",
    ),
}

GENERAL = (
    "Ho trovato il tuo profilo, che è più chiaro di molti altri.",
    "Scrivo a poche persone: questo messaggio è proprio per te.",
    "So che il tuo tempo è poco, quindi vengo al punto.",
    "Se il momento è sbagliato, dimmi quando sarebbe meglio.",
    "Faccio questo mestiere da dodici anni e so quanti messaggi si ricevono.",
    "Ti mando volentieri altri dettagli prima che tu decida qualcosa.",
    "È proprio la tua esperienza nel settore {field} che mi ha spinto a scriverti.",
    "Lavoro spesso con persone di {place} e passerei volentieri.",
    "Basterebbe un quarto d'ora di conversazione per capire se ha senso.",
    "Sulle date ho molta libertà: vanno bene le mattine come le sere.",
    "Tutto quello che scrivo si può verificare, e i nomi te li do volentieri.",
    "Quello che non vogliamo è un'altra riunione che poteva essere un messaggio.",
    "Non allego nulla di proposito: se ti incuriosisce, ti mando quello che chiedi.",
    "Se conosci qualcuno per cui sarebbe più adatto, un cenno mi sarebbe utile.",
    "Anche un semplice no è un'ottima risposta, e non scriverei più.",
    "Mi piace lavorare con chi dice quello che pensa, e il tuo profilo dà questa idea.",
    "In passato abbiamo fatto degli errori, e ora vorremmo farne di nuovi.",
    "Mi farà piacere sapere che cosa ne pensi, in un senso o nell'altro.",
)

ASKS = (
    "Hai un quarto d'ora questa settimana?",
    "Posso mandarti i dettagli?",
    "Possiamo sentirci per telefono?",
    "Che cosa ne pensi?",
    "Vuoi saperne di più?",
    "Ti chiamo giovedì?",
)

ANSWER_OPENINGS = {
    "interested": (
        "Grazie del messaggio, {you}.",
        "Ciao {you}, mi sembra una bella cosa.",
        "Buongiorno {you}, hai la mia attenzione.",
        "Arrivi al momento giusto, {you}.",
        "Grazie, {you}: l'ho letto due volte.",
        "Gentile {you}, grazie di aver pensato a me.",
    ),
    "reply": (
        "Grazie del messaggio, {you}.",
        "Ciao {you}, rispondo in breve.",
        "Buongiorno {you}, prima di dire sì o no:",
        "Grazie di avermi scritto, {you}.",
        "Gentile {you}, due righe soltanto.",
        "Ciao {you}, prima una domanda.",
    ),
    "not_interested": (
        "Grazie, {you}.",
        "Ciao {you}, grazie del pensiero.",
        "Buongiorno {you}, apprezzo il messaggio.",
        "Gentile {you}, grazie di avermelo chiesto.",
        "Grazie di avermi scritto, {you}.",
        "Ciao {you}, rispondo subito per non farti aspettare.",
    ),
}

ANSWERS = {
    "interested": {
        "career_opportunity": (
            "Vorrei saperne di più sulla posizione.",
            "Cominciavo a guardarmi intorno: mandami pure la descrizione.",
        ),
        "consulting_offer": (
            "L'incarico mi interessa e ho qualche giornata libera.",
            "È il tipo di progetto che mi piace: dimmi date e compenso.",
        ),
        "new_venture": ("Aspettavo da tempo qualcosa del genere.", "Vedrei volentieri quello che avete fatto finora."),
        "job_inquiry": (
            "In effetti cerchiamo qualcuno: mandami il curriculum.",
            "Presto avremo un posto libero e mi piacerebbe conoscerti.",
        ),
        "expertise_request": (
            "Quel problema l'ho già incontrato: mandami le domande.",
            "Do volentieri una mano: a voce è più facile.",
        ),
        "business_deal": (
            "Potrebbe fare al caso nostro: mandami le cifre.",
            "Stiamo confrontando alcune offerte: la tua è benvenuta.",
        ),
        "reference_request": ("Ma certo, con piacere.", "Fai pure il mio nome: dirò solo cose buone."),
        "getting_back_in_touch": ("Che bello sentirti dopo tanto tempo.", "Certo che mi ricordo di te: sentiamoci."),
    },
    "reply": {
        "career_opportunity": (
            "Dove sarebbe il lavoro, e quanto da casa?",
            "Quanto offrono, e perché il posto è libero?",
        ),
        "consulting_offer": ("A quante giornate pensate, e quando?", "Chi altro partecipa, e chi decide?"),
        "new_venture": ("Chi sono gli altri, e chi ci mette i soldi?", "A che punto siete, e che parte avrei io?"),
        "job_inquiry": (
            "Che cosa hai fatto finora, e che cosa cerchi?",
            "Hai visto le offerte sul nostro sito? Le segue una collega.",
        ),
        "expertise_request": (
            "Ne conosco solo una parte: che cosa avete provato?",
            "Dipende dalle dimensioni. Quanto è grande il vostro caso?",
        ),
        "business_deal": (
            "Abbiamo già un fornitore: che cosa fareste meglio?",
            "Gli acquisti non li decido io, ma dimmi il prezzo.",
        ),
        "reference_request": ("Per quale posto è, ed entro quando?", "Che cosa devo sottolineare, e con chi parlerei?"),
        "getting_back_in_touch": ("Perdonami, dove ci siamo conosciuti?", "E ora di che cosa ti occupi?"),
    },
    "not_interested": {
        "career_opportunity": (
            "Sto bene dove sono e non penso di cambiare.",
            "La posizione non fa per me, ma in bocca al lupo.",
        ),
        "consulting_offer": ("Quest'anno non ho tempo per altri progetti.", "Non rientra in quello che so fare bene."),
        "new_venture": (
            "Non è il momento di cominciare qualcosa di nuovo.",
            "Non fa per me, anche se ammiro il coraggio.",
        ),
        "job_inquiry": ("Al momento non assumiamo.", "Purtroppo sulle assunzioni non ho voce in capitolo."),
        "expertise_request": ("Su questo non posso aiutarti.", "Non mi occupo più di queste cose."),
        "business_deal": ("Non ne abbiamo bisogno.", "Abbiamo appena firmato con altri."),
        "reference_request": ("Non conosco abbastanza il tuo lavoro per garantire.", "Preferisco non dare referenze."),
        "getting_back_in_touch": (
            "Passo di qui di rado: ti lascio volentieri un saluto.",
            "Credo che tu mi confonda con qualcun altro.",
        ),
    },
}

ANSWER_CLOSINGS = {
    "interested": (
        "Quando possiamo parlarne?",
        "Mandami quello che hai.",
        "Ho tempo giovedì e venerdì.",
        "A presto, allora.",
    ),
    "reply": ("Poi ti saprò dire.", "Bastano due righe.", "Grazie in anticipo.", "Rispondo appena lo so."),
    "not_interested": ("Buon lavoro.", "In bocca al lupo.", "Spero che tu capisca.", "Magari un'altra volta."),
}

MESSAGES = {
    "interested": (
        "Che piacere sentirti, {you}. Dimmi di più!",
        "Sì, volentieri. Quando ne parliamo?",
        "Conta su di me, {you}.",
        "Mi sembra una buona cosa.",
        "Con piacere, {you}. Chiamami quando vuoi.",
        "Ottima idea. Giovedì ho tempo.",
    ),
    "reply": (
        "Ciao {you}, grazie del messaggio. Tu come stai?",
        "Grazie, {you}. Ci penso.",
        "Interessante. Come ti è venuto in mente?",
        "Grazie, {you}. Do un'occhiata e ti faccio sapere.",
        "Ciao {you}, settimana piena, ma ho letto.",
        "Bella domanda. Chiedo un po' in giro.",
    ),
    "not_interested": (
        "Grazie, {you}, ma non fa per me.",
        "Per ora no, mi dispiace.",
        "Questa volta passo, {you}.",
        "Mi dispiace, {you}, ora non ho tempo.",
        "Preferisco di no, ma grazie.",
        "Non fa per me, {you}. Ne riparliamo.",
    ),
}
