"""What people do: industries with their weights, roles, companies, and the sentences made of them.

Weights of the first three industries are published (DOMAIN 10), the others free choice. Companies are invented.
"""

INDUSTRIES = {
    "Information Technology": 16.0,
    "Finance": 12.0,
    "Manufacturing": 10.0,
    "Health Care": 6.5,
    "Education": 6.0,
    "Consulting": 5.5,
    "Retail": 5.0,
    "Construction": 4.0,
    "Marketing and Advertising": 4.0,
    "Government": 3.5,
    "Telecommunications": 3.2,
    "Energy": 3.0,
    "Logistics": 2.8,
    "Hospitality and Tourism": 2.6,
    "Media": 2.4,
    "Legal Services": 2.2,
    "Real Estate": 2.0,
    "Automotive": 1.8,
    "Pharmaceuticals": 1.7,
    "Food and Beverage": 1.6,
    "Human Resources": 1.6,
    "Non-profit": 1.3,
    "Design": 1.2,
    "Fashion": 1.1,
}

# Roles by industry, in English and Italian; the Italian ones name the activity, not a gender.
ROLES = {
    "Information Technology": (
        "Software Engineer|Senior Software Engineer|Product Manager|Data Analyst|Systems Architect|QA Lead|"
        "Web Developer|IT Manager|Database Administrator|"
        "Security Analyst|Chief Technology Officer|UX Researcher|Network Engineer",
        "Sviluppo software|Analisi dei dati|Architetture di sistema|Project manager IT|Sicurezza informatica|"
        "Direzione tecnica|Product manager|Amministrazione di sistemi",
    ),
    "Finance": (
        "Financial Analyst|Investment Manager|Controller|Risk Manager|Relationship Manager|Auditor|Tax Adviser|"
        "Portfolio Manager|Chief Financial Officer|Credit Analyst|Compliance Officer|Actuary",
        "Analisi finanziaria|Controllo di gestione|Gestione del rischio|Consulenza fiscale|Private banker|"
        "Revisione contabile|Direzione finanziaria|Compliance",
    ),
    "Manufacturing": (
        "Plant Manager|Production Planner|Mechanical Engineer|Quality Manager|Maintenance Engineer|Process Engineer|"
        "Purchasing Manager|Export Manager|Industrial Designer|Operations Director",
        "Direzione di stabilimento|Progettazione meccanica|Gestione qualità|Ingegneria di processo|"
        "Acquisti|Export manager|Pianificazione della produzione",
    ),
    "Health Care": (
        "Physician|Head Nurse|Physiotherapist|Clinic Manager|Radiologist|Medical Director|Dentist|Psychologist|"
        "Hospital Administrator|Biomedical Engineer",
        "Medicina interna|Fisioterapia|Direzione sanitaria|Odontoiatria|Psicologia clinica|Ingegneria clinica",
    ),
    "Education": (
        "Lecturer|Associate Professor|Head Teacher|Research Fellow|Instructional Designer|Language Teacher|"
        "Admissions Officer|Librarian|Dean of Studies|Trainer",
        "Docente universitario|Ricerca universitaria|Formazione|Insegnamento delle lingue|Progettazione didattica",
    ),
    "Consulting": (
        "Management Consultant|Strategy Consultant|Partner|Engagement Manager|Business Analyst|Change Manager|"
        "Principal Consultant|Senior Adviser",
        "Consulenza strategica|Consulenza direzionale|Business analyst|Partner|Change management",
    ),
    "Retail": (
        "Store Manager|Category Manager|Buyer|E-commerce Manager|Area Manager|Merchandiser|Customer Service Lead|"
        "Head of Sales",
        "Store manager|Category manager|Responsabile e-commerce|Area manager|Buyer",
    ),
    "Construction": (
        "Civil Engineer|Site Manager|Architect|Quantity Surveyor|Structural Engineer|Project Director|Estimator|"
        "Safety Manager",
        "Ingegneria civile|Direzione lavori|Architettura|Ingegneria strutturale|Sicurezza nei cantieri",
    ),
    "Marketing and Advertising": (
        "Marketing Manager|Brand Strategist|Copywriter|Account Director|Media Planner|Social Media Manager|"
        "SEO Specialist|Creative Director|Public Relations Manager",
        "Marketing manager|Copywriter|Brand strategist|Social media manager|Direzione creativa|Relazioni pubbliche",
    ),
    "Government": (
        "Policy Adviser|Programme Manager|Public Affairs Officer|Urban Planner|Statistician|Head of Unit|"
        "Procurement Officer",
        "Politiche pubbliche|Pianificazione urbana|Appalti pubblici|Dirigente pubblico",
    ),
    "Telecommunications": (
        "Network Planner|Radio Engineer|Key Account Manager|Field Operations Manager|Presales Engineer|Product Owner|"
        "Wholesale Manager",
        "Ingegneria di rete|Key account manager|Prevendita tecnica|Operations",
    ),
    "Energy": (
        "Energy Trader|Petroleum Engineer|Wind Project Manager|Electrical Engineer|Grid Planner|HSE Manager|Geologist|"
        "Solar Engineer",
        "Ingegneria elettrica|Progetti eolici|Energy manager|Geologia|Fotovoltaico",
    ),
    "Logistics": (
        "Supply Chain Manager|Logistics Coordinator|Fleet Manager|Warehouse Manager|Freight Broker|Customs Specialist|"
        "Demand Planner",
        "Supply chain manager|Logistica internazionale|Gestione magazzino|Dogane e spedizioni",
    ),
    "Hospitality and Tourism": (
        "Hotel Manager|Executive Chef|Event Planner|Tour Operator|Revenue Manager|Front Office Manager|Travel Designer",
        "Direzione d'albergo|Revenue manager|Event planner|Chef|Tour operator",
    ),
    "Media": (
        "Journalist|Editor|Producer|Video Editor|Photographer|Content Strategist|Broadcast Engineer|Translator",
        "Giornalismo|Editoria|Produzione video|Fotografia|Traduzioni",
    ),
    "Legal Services": (
        "Attorney|Legal Counsel|Partner|Paralegal|Contract Manager|Patent Attorney|Notary",
        "Avvocato|Consulenza legale d'impresa|Contrattualistica|Proprietà intellettuale",
    ),
    "Real Estate": (
        "Property Manager|Real Estate Agent|Asset Manager|Valuer|Development Manager|Facility Manager",
        "Agente immobiliare|Property manager|Sviluppo immobiliare|Facility manager",
    ),
    "Automotive": (
        "Powertrain Engineer|Dealer Manager|Vehicle Designer|Test Engineer|Aftersales Manager|Embedded Engineer",
        "Progettazione veicoli|Powertrain engineer|Responsabile post vendita|Collaudo",
    ),
    "Pharmaceuticals": (
        "Clinical Research Associate|Medical Science Liaison|Regulatory Affairs Manager|Biostatistician|Chemist|"
        "Sales Representative|Pharmacist",
        "Ricerca clinica|Affari regolatori|Farmacista|Biostatistica|Informazione scientifica",
    ),
    "Food and Beverage": (
        "Food Technologist|Brand Manager|Winemaker|Restaurant Owner|Quality Auditor|Export Manager",
        "Tecnologie alimentari|Enologia|Export manager|Ristorazione",
    ),
    "Human Resources": (
        "HR Manager|Talent Acquisition Lead|Recruiter|Learning and Development Manager|Compensation Analyst|"
        "HR Business Partner|Headhunter",
        "HR manager|Ricerca e selezione|Formazione e sviluppo|HR business partner",
    ),
    "Non-profit": (
        "Fundraising Manager|Programme Officer|Volunteer Coordinator|Executive Director|Grants Manager|"
        "Field Coordinator",
        "Raccolta fondi|Cooperazione internazionale|Coordinamento volontari|Progettazione europea",
    ),
    "Design": (
        "Interaction Designer|Graphic Designer|Interior Architect|Art Director|Service Designer|Illustrator",
        "Graphic designer|Interior design|Art director|Illustrazione|Service designer",
    ),
    "Fashion": (
        "Fashion Buyer|Pattern Maker|Textile Designer|Retail Director|Stylist|Collection Manager",
        "Fashion buyer|Modellista|Textile designer|Visual merchandiser",
    ),
}

ITALIAN_INDUSTRIES = {
    "Information Technology": "informatica", "Finance": "finanza", "Manufacturing": "industria",
    "Health Care": "sanità", "Education": "istruzione", "Consulting": "consulenza", "Retail": "commercio",
    "Construction": "edilizia", "Marketing and Advertising": "marketing", "Government": "pubblica amministrazione",
    "Telecommunications": "telecomunicazioni", "Energy": "energia", "Logistics": "logistica",
    "Hospitality and Tourism": "turismo", "Media": "editoria e media", "Legal Services": "diritto",
    "Real Estate": "immobiliare", "Automotive": "automobile", "Pharmaceuticals": "farmaceutica",
    "Food and Beverage": "alimentare", "Human Resources": "risorse umane", "Non-profit": "terzo settore",
    "Design": "design", "Fashion": "moda",
}  # fmt: skip

COMPANY_HEADS = (
    "Alder|Amberly|Arcola|Aster|Avelon|Baltica|Belforte|Birchfield|Bluewater|Boreal|Brightwell|Calder|Callisto|Candela|"
    "Carrow|Castor|Cedarline|Clearbrook|Cobalt|Corvina|Crestwood|Delmar|Dunmore|Eastgate|Elmstead|Esker|Fairhaven|"
    "Fenwick|Ferrand|Fontanel|Galvan|Garland|Granite|Halden|Harbour|Hawthorn|Helios|Hillcrest|Indigo|Ironbridge|Jasper|"
    "Juniper|Kestrel|Kingsmere|Lagoon|Larkfield|Linden|Lodestar|Lumen|Maplewood|Marbella|Meridian|Mistral|Monteluce|"
    "Northwind|Novaterra|Oakhurst|Ondine|Orchard|Osprey|Palisade|Pennine|Pinecrest|Quartz|Quayside|Ravenna|Redwood|"
    "Ridgeway|Riverton|Rosewood|Sable|Santelmo|Sequoia|Silverlake|Solara|Southgate|Stellaria|Sterling|Summit|Sundial|"
    "Tamarind|Terranova|Thornbury|Tidewater|Torrente|Umbria|Valdera|Vantage|Verano|Vesper|Westbrook|Willow|Windermere|"
    "Wolfram|Yarrow|Zephyr|Zenobia"
).split("|")

COMPANY_TAILS = {
    "Information Technology": "Software|Systems|Digital|Labs|Technologies|Data",
    "Finance": "Capital|Bank|Partners|Insurance|Asset Management|Trust",
    "Manufacturing": "Industries|Works|Manufacturing|Components|Machinery",
    "Health Care": "Clinic|Health|Medical Centre|Hospital Group|Care",
    "Education": "University|Institute|College|Academy|School",
    "Consulting": "Consulting|Advisory|Partners|Associates",
    "Retail": "Stores|Retail|Market|Outlets",
    "Construction": "Construction|Engineering|Builders|Architects",
    "Marketing and Advertising": "Media|Agency|Communications|Brands",
    "Government": "City Council|Regional Office|Agency|Ministry Services",
    "Telecommunications": "Telecom|Networks|Mobile|Broadband",
    "Energy": "Energy|Power|Renewables|Oil & Gas",
    "Logistics": "Logistics|Freight|Shipping|Transport",
    "Hospitality and Tourism": "Hotels|Resorts|Travel|Events",
    "Media": "Press|Publishing|Broadcasting|Studios",
    "Legal Services": "Law|Legal|& Partners|Chambers",
    "Real Estate": "Properties|Estates|Realty|Homes",
    "Automotive": "Motors|Automotive|Vehicles|Mobility",
    "Pharmaceuticals": "Pharma|Biotech|Life Sciences|Therapeutics",
    "Food and Beverage": "Foods|Vineyards|Kitchen|Beverages",
    "Human Resources": "People|Talent|Staffing|Search",
    "Non-profit": "Foundation|Relief|Trust|Alliance",
    "Design": "Design|Studio|Creative|Works",
    "Fashion": "Fashion|Textiles|Couture|Apparel",
}

ABOUT_EN = (
    "{years} years in {industry}, the last few as {role} at {company}.",
    "I work as {role} at {company}, in {place}.",
    "Based in {place}. My field is {industry}, my habit is finishing things.",
    "{role} with a soft spot for clear writing and short meetings.",
    "I like teams in which people say what they think and deliver what they say.",
    "Before {company} I spent {years} years on projects across {industry}.",
    "Always glad to compare notes with others in {industry}.",
    "Away from work: mountains, music and too many books.",
    "I mentor newcomers to {industry} and learn as much as they do.",
    "Currently busy with a project I would gladly tell you about.",
    "Curious about how other countries approach {industry}.",
    "What I enjoy most is turning a vague problem into a plan that holds.",
    "Happy to hear from people I can help, and from people I can learn from.",
    "I have worked in small firms and large ones, and prefer whichever is building something.",
)
ABOUT_IT = (
    "{years} anni nel settore {industry}, gli ultimi in {company}.",
    "Lavoro in {company}, a {place}.",
    "Vivo a {place}. Mi occupo di {industry} e mi piace portare a termine le cose.",
    "Mi piacciono i testi chiari e le riunioni brevi.",
    "Cerco gruppi in cui si dice quello che si pensa e si fa quello che si dice.",
    "Prima di {company} ho seguito per {years} anni progetti nel settore {industry}.",
    "Mi confronto volentieri con chi lavora nello stesso settore.",
    "Fuori dal lavoro: montagna, musica e troppi libri.",
    "Seguo chi comincia in questo mestiere e imparo almeno quanto insegno.",
    "Al momento seguo un progetto di cui parlo volentieri.",
    "Quello che preferisco è trasformare un problema vago in un piano che regge.",
    "Ho lavorato in imprese piccole e grandi: preferisco quelle che costruiscono qualcosa.",
)

ADVICE_EN = (
    "Please tell me in the first line why you are writing to me in particular.",
    "Short messages get an answer; long ones wait for the weekend.",
    "I read everything about {interest}. For anything else, please try somebody else.",
    "If it is about {interest}, name the place, the dates and the budget.",
    "No mass mailings, please. One concrete question is the best beginning.",
    "I answer in the evening, and I do answer if the subject concerns me.",
    "Write in English, French or plain numbers; attachments come later.",
    "I am glad to hear about {interest}, especially from people in {industry}.",
)
ADVICE_IT = (
    "Ditemi nella prima riga perché scrivete proprio a me.",
    "Ai messaggi brevi rispondo; quelli lunghi aspettano il fine settimana.",
    "Leggo volentieri ciò che riguarda {interest}. Per il resto, meglio rivolgersi ad altri.",
    "Se si tratta di {interest}, indicate luogo, tempi e budget.",
    "Niente invii di massa, per favore: una domanda concreta è il miglior inizio.",
    "Rispondo la sera, e rispondo davvero se l'argomento mi riguarda.",
)

INTERESTS_EN = (
    "career opportunities", "consulting offers", "new ventures", "job inquiries", "requests for expertise",
    "business deals", "reference requests", "old contacts who want to get back in touch",
)  # fmt: skip
INTERESTS_IT = (
    "opportunità di carriera", "offerte di consulenza", "nuove imprese", "richieste di lavoro",
    "richieste di competenze", "proposte commerciali", "richieste di referenze", "vecchi contatti da riprendere",
)  # fmt: skip
