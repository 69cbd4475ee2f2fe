"""What simulated members write, in English. {you} reads, {me} writes; {place} and {field} are the reader's."""

GREETINGS = ("Hello {you},", "Dear {you},", "Hi {you},", "Good morning {you},")
SIGNATURES = (
    "Best regards,\n{me}",
    "Kind regards,\n{me}",
    "All the best,\n{me}",
    "With thanks,\n{me}",
    "Regards,\n{me}",
)

SUBJECTS = {
    "career_opportunity": (
        "A position that may suit you",
        "A role in {field}",
        "Would a change interest you?",
        "Looking for someone like you",
        "An opening in our team",
        "A new post, and your name came up",
    ),
    "consulting_offer": (
        "An assignment for you",
        "A short consulting project",
        "Could you advise us?",
        "Advice wanted in {field}",
        "A few weeks of your time",
        "A mandate that needs experience",
    ),
    "new_venture": (
        "Something new, at its beginning",
        "Looking for a co-founder",
        "An idea I would like to test on you",
        "A start-up in {field}",
        "Building a company: interested?",
        "First steps of a new business",
    ),
    "job_inquiry": (
        "Is your team hiring?",
        "A question about working with you",
        "Looking for my next job",
        "Interested in joining you",
        "Any openings in {field}?",
        "My experience, your team",
    ),
    "expertise_request": (
        "A question only a specialist can answer",
        "Fifteen minutes of your knowledge",
        "Your view on a problem",
        "A question about {field}",
        "May I ask for your opinion?",
        "Stuck, and hoping you can help",
    ),
    "business_deal": (
        "A proposal for your company",
        "Could we work together?",
        "A partnership worth a look",
        "Lower costs in {field}",
        "A supply agreement",
        "Something your team may need",
    ),
    "reference_request": (
        "A reference, if you are willing",
        "May I name you as a reference?",
        "A few lines about our work",
        "A word from you would help",
        "Asking for a recommendation",
        "Could you vouch for my work?",
    ),
    "getting_back_in_touch": (
        "It has been a while",
        "Remember me?",
        "Back in touch",
        "Picking up an old thread",
        "Long time no see",
        "News, and a hello",
    ),
}

OPENINGS = {
    "career_opportunity": (
        "we are looking for somebody to lead a small team, and your profile is close to what we had in mind.",
        "I am filling a senior position in {field} and would like to tell you about it.",
        "a company I work with is hiring, and the description reads almost like your profile.",
        "I have an opening that needs both experience and curiosity; both seem to be yours.",
        "we are growing, and the next person we hire will shape how the team works.",
        "one of our best people is moving abroad, and I am looking for a worthy successor.",
    ),
    "consulting_offer": (
        "we need outside advice on a project that starts next month.",
        "I am looking for an adviser for about ten days of work, spread over two months.",
        "our team has a problem in {field} that we cannot solve on our own.",
        "we would like a second opinion before we commit ourselves, and would pay for it.",
        "I am putting together a small group of specialists for a review.",
        "a client of ours needs somebody with your background for a limited mandate.",
    ),
    "new_venture": (
        "I am starting a company and looking for people to start it with.",
        "two friends and I have left our jobs to build something new.",
        "we have a prototype, the first customers, and a gap where you would fit.",
        "I have been working on an idea in {field} and would like your honest opinion.",
        "we are about to raise our first round and are completing the team.",
        "there is a market nobody serves well, and I think I know how to do it.",
    ),
    "job_inquiry": (
        "I am looking for my next position and have followed your company for some time.",
        "I read that your team is growing and would like to be considered.",
        "after some years in {field} I would like to move to a company like yours.",
        "I am relocating to {place} and am looking for work there.",
        "I would like to ask whether you expect openings in the coming months.",
        "I have just finished a long project and am free from the end of the month.",
    ),
    "expertise_request": (
        "I am working on a question you seem to know better than anybody I could find.",
        "may I ask you something about {field}? It would take you fifteen minutes at most.",
        "we are about to choose between two approaches and would value your judgement.",
        "I am writing an article and am looking for a voice from practice.",
        "I have read what you do and would like to learn how you dealt with one particular problem.",
        "our pilot gives results we do not understand, and you may have seen the like before.",
    ),
    "business_deal": (
        "my company supplies firms like yours, and I believe we could save you some money.",
        "we are looking for a partner in {place} and your company is first on my list.",
        "I would like to propose a cooperation from which both our companies could gain.",
        "we have developed a service for {field} and are choosing our first customers.",
        "we intend to order a considerable quantity this year and are comparing suppliers.",
        "your company and mine have the same customers and do not compete.",
    ),
    "reference_request": (
        "I am applying for a new post and was asked for somebody who knows my work.",
        "would you be willing to write a few lines about the project we shared?",
        "a possible employer would like to talk to a person who has seen me work.",
        "I am completing my profile and a word from you would carry weight.",
        "may I give your name as a reference? It would mean one short phone call.",
        "I am bidding for a contract, and the client asks for references in {field}.",
    ),
    "getting_back_in_touch": (
        "we lost sight of each other some years ago, and I came across your profile today.",
        "I hope you remember me from the time when we both worked on the same floor.",
        "much has changed since we last spoke, and I wondered how you are.",
        "somebody mentioned your name last week, and I thought it was time to write.",
        "I will be in {place} next month and would be glad to see you.",
        "I found an old photograph of our team and had to think of you.",
    ),
}

DETAILS = {
    "career_opportunity": (
        "The team has eight people, and the post is open to part-time and to working from home.",
        "The contract is permanent, the salary is above the average of the market, and travel is rare.",
        "You would report to the director and choose two of your own people.",
        "We would like to fill the position before the summer, but we can wait for the right person.",
        "The company has been profitable for eleven years and intends to stay independent.",
        "What counts for us is what you have built, not the titles you have held.",
    ),
    "consulting_offer": (
        "We think of about ten days, most of them remote, with one workshop at our offices.",
        "The fee is open to discussion; we would rather pay well for few days than badly for many.",
        "The result should be a report of a few pages that our board can act on.",
        "We have data for three years and a colleague who knows them by heart.",
        "A first conversation would of course bind neither of us.",
        "If the work goes well, a second assignment is likely in the autumn.",
    ),
    "new_venture": (
        "We have enough money for eighteen months and a first customer who pays.",
        "I am looking for a partner rather than an employee, with a real share of the company.",
        "The technology exists; what is missing is somebody who knows how the market thinks.",
        "We spent a year talking to two hundred people before we wrote the first line of code.",
        "An accelerator has offered us a place from September on.",
        "If you think that the idea is bad, I would like to hear that even more.",
    ),
    "job_inquiry": (
        "In my last position I led a team of five and brought the costs down by a fifth.",
        "I speak three languages and am used to working with people far away.",
        "I can begin at once and would not mind starting with a project of a few months.",
        "I can send you my curriculum, a list of projects and the names of two former managers.",
        "What draws me to your company is the way you treat long projects.",
        "If you are not the right person, I would be grateful for a name.",
    ),
    "expertise_request": (
        "We have tried the two methods that the textbooks suggest, and neither holds in practice.",
        "I would send you three questions in writing, so that you can answer when it suits you.",
        "Whatever you tell me stays between us, unless you would like to be quoted.",
        "I do not expect free consulting; a hint where to look would already help.",
        "In return I would gladly share what we have measured so far.",
        "The decision is due at the end of the month, so even a short answer would be welcome.",
    ),
    "business_deal": (
        "Three firms of your size already work with us, and two of them have agreed to talk to you.",
        "Our prices hold for two years, and there is no minimum quantity in the first.",
        "A trial would take four weeks and cost you nothing but a contact person.",
        "We deliver within five days to any place in your country.",
        "I can send you the figures of a comparable case, with names removed.",
        "Should you not decide on such matters yourself, I would be grateful for the right name.",
    ),
    "reference_request": (
        "Three or four sentences are enough, and I would send you a draft to save your time.",
        "They would mostly like to know how I work with others when time is short.",
        "The call would take ten minutes, at an hour you choose.",
        "You would of course say what you think, the good and the less good.",
        "I would be glad to do the same for you whenever you need it.",
        "The answer is due in two weeks, so there is no hurry.",
    ),
    "getting_back_in_touch": (
        "I have changed industry since then, moved twice, and have two children.",
        "I still tell people about the evening when the whole system went down.",
        "Do you still hear from the others of the old team?",
        "I see that you have stayed in {field}, and that it suits you.",
        "There is no purpose behind this message, only curiosity.",
        "If you like, we could talk on the phone one of these evenings.",
    ),
}

GENERAL = (
    "I found you through your profile, which is clearer than most.",
    "I write to few people, so please take this as meant for you.",
    "I know that your time is limited, and I will keep to the point.",
    "If the moment is wrong, tell me when a better one would be.",
    "I have been in this field for twelve years and know how many messages one receives.",
    "I would be glad to send more details before you decide anything.",
    "Your experience in {field} is exactly what made me write.",
    "I often work with people in {place} and would come by gladly.",
    "A conversation of a quarter of an hour would be enough to see whether this makes sense.",
    "I am flexible with dates, and mornings suit me as well as evenings.",
    "Everything I have said can be verified, and I am happy to give you names.",
    "What we do not want is another meeting that could have been a message.",
    "I have attached nothing on purpose; if you are curious, I will send what you ask for.",
    "Should you know somebody for whom this would be a better fit, I would be grateful for a hint.",
    "A short no is a perfectly good answer, and I would not write again.",
    "I like to work with people who say what they think, and your profile reads that way.",
    "We have made mistakes in the past and would like to make different ones now.",
    "I look forward to hearing what you think, whichever way it goes.",
)

ASKS = (
    "Would you have a quarter of an hour this week?",
    "May I send you the details?",
    "Could we speak on the phone?",
    "What do you think?",
    "Would you like to hear more?",
    "Shall I call you on Thursday?",
)

ANSWER_OPENINGS = {
    "interested": (
        "Thank you for writing, {you}.",
        "Hi {you}, this sounds good.",
        "Hello {you}, you have my attention.",
        "Good timing, {you}.",
        "Thanks, {you}. I read this twice.",
        "Dear {you}, thank you for thinking of me.",
    ),
    "reply": (
        "Thank you for your message, {you}.",
        "Hi {you}, a quick answer.",
        "Hello {you}, before I say yes or no:",
        "Thanks for getting in touch, {you}.",
        "Dear {you}, let me answer briefly.",
        "Hi {you}, I have a question first.",
    ),
    "not_interested": (
        "Thank you, {you}.",
        "Hi {you}, thanks for thinking of me.",
        "Hello {you}, I appreciate the message.",
        "Dear {you}, thank you for asking.",
        "Thanks for writing, {you}.",
        "Hi {you}, a short answer so that you need not wait.",
    ),
}

ANSWERS = {
    "interested": {
        "career_opportunity": (
            "I would like to hear more about the position.",
            "I had begun to look around, so please send me the description.",
        ),
        "consulting_offer": (
            "The assignment interests me, and I have some days free.",
            "This is the kind of project I like; please tell me about dates and fee.",
        ),
        "new_venture": (
            "I have been waiting for something like this.",
            "I would gladly see what you have built so far.",
        ),
        "job_inquiry": (
            "We are indeed looking for somebody; please send me your curriculum.",
            "We expect an opening soon and I would like to meet you.",
        ),
        "expertise_request": (
            "I have met that problem before, so send me your questions.",
            "I am happy to help; a call is easier than writing.",
        ),
        "business_deal": (
            "This could suit us; please send me figures.",
            "We are comparing offers at the moment, so yours is welcome.",
        ),
        "reference_request": (
            "Of course I will, with pleasure.",
            "You may give my name, and I will say only good things.",
        ),
        "getting_back_in_touch": (
            "How good to hear from you after all this time.",
            "Of course I remember you, and I would love to catch up.",
        ),
    },
    "reply": {
        "career_opportunity": (
            "Where would the job be, and how much of it from home?",
            "What does the position pay, and why is it free?",
        ),
        "consulting_offer": ("How many days do you think of, and when?", "Who else is involved, and who decides?"),
        "new_venture": (
            "Who are the others, and how is it financed?",
            "How far have you got, and what would my part be?",
        ),
        "job_inquiry": (
            "What have you done so far, and what are you looking for?",
            "Have you seen the openings on our page? They go through my colleague.",
        ),
        "expertise_request": (
            "I know only part of this; what exactly have you tried?",
            "It depends on the size of the thing. How large is yours?",
        ),
        "business_deal": (
            "We have a supplier; what would be better with you?",
            "Purchasing is not my decision, but tell me the price.",
        ),
        "reference_request": (
            "For which position is it, and by when?",
            "What should I stress, and whom would I talk to?",
        ),
        "getting_back_in_touch": ("Forgive me, where was it that we met?", "What are you doing these days?"),
    },
    "not_interested": {
        "career_opportunity": (
            "I am happy where I am and do not plan to change.",
            "The position is not for me, but I wish you luck with it.",
        ),
        "consulting_offer": ("I have no time for further projects this year.", "This lies outside what I do well."),
        "new_venture": (
            "I am not in a position to start something new.",
            "It is not for me, though I admire the courage.",
        ),
        "job_inquiry": ("We are not hiring at the moment.", "I have no influence on our appointments, I am afraid."),
        "expertise_request": ("I cannot help you with this one.", "I no longer work on such questions."),
        "business_deal": ("We have no need of this.", "We have just signed with somebody else."),
        "reference_request": (
            "I do not know your work well enough to vouch for it.",
            "I prefer not to give references.",
        ),
        "getting_back_in_touch": (
            "I am rarely here and would rather leave it at a hello.",
            "I think you have mistaken me for somebody else.",
        ),
    },
}

ANSWER_CLOSINGS = {
    "interested": (
        "When would it suit you to talk?",
        "Send me what you have.",
        "I am free on Thursday and Friday.",
        "Looking forward to it.",
    ),
    "reply": (
        "Then I can tell you more.",
        "A few lines are enough.",
        "Thank you in advance.",
        "I will answer when I know that.",
    ),
    "not_interested": ("All the best.", "I wish you luck.", "Please do not take it amiss.", "Perhaps another time."),
}

MESSAGES = {
    "interested": (
        "Good to hear from you, {you}. Tell me more!",
        "Yes, gladly. When shall we talk?",
        "Count me in, {you}.",
        "That sounds good to me.",
        "With pleasure, {you}. Call me when you like.",
        "Great idea. I am free on Thursday.",
    ),
    "reply": (
        "Hi {you}, thanks for the message. How are things with you?",
        "Thank you, {you}. Let me think about it.",
        "Interesting. What made you think of that?",
        "Thanks, {you}. I will have a look and come back to you.",
        "Hello {you}, busy week here, but I have read this.",
        "Good question. I will ask around.",
    ),
    "not_interested": (
        "Thanks, {you}, but this is not for me.",
        "Not at the moment, I am afraid.",
        "I will pass this time, {you}.",
        "Sorry, {you}, I have no time for it now.",
        "I would rather not, but thank you.",
        "Not for me, {you}. Let us talk another time.",
    ),
}
