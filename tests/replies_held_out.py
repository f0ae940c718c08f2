"""Replies as people type them, labelled by hand before there was a rule to judge them. Nothing was tuned on
them: what the rules make of them says what they will make of the next ones.
"""

# ruff: noqa: E501 - replies stand as they were typed

HELD_OUT = {
    "leaves": """
        can u pls quit sending me these txts
        Hey I think you got the wrong person, this isnt Carlos
        Im not intrested anymore, thanks
        I dont want these. Sent from my iPhone
        do NOT contact me again!!!
        Kindly take us off the texting list. Thank you and God bless
        STOP - Robert Delgado
        Stop. I never signed up for this
        Enough with the messages already, unsuscribe me
        STOP texting me you people are worse than the politicians, nobody ever helped my family and now every week
        lose this number
        > Call your senator today. Reply STOP to stop  STOP
        Ya estuvo, no me escriban más por favor
        quítenme de la lista porfa
        no kiero resivir mas mensajes
        Numero equivocado
        Por favor stop los mensajes, gracias
        Déjen de mandarme textos
        Proszę przestać do mnie pisać
        nie chcę więcej smsów
        to pomyłka, zły numer
        الرجاء عدم ارسال رسائل اخرى
        لا ترسلوا لي رسائل
        будь ласка не пишіть мені більше
        Arrêtez de m'envoyer des messages svp
        tama na po, wag na kayo mag text
        请不要再给我发短信
        문자 그만 보내주세요
        """,
    "look": """
        STOP ICE RAIDS NOW!!!
        Tell them to stop separating families
        We need to end this cruelty
        Paren las redadas ya
        No quiero que paren la lucha
        Don't stop sending these, they help my mom a lot
        Quit fighting? never
        Who gave you my number?
        Is this real? what do I have to press
        My hearing is on the 14th and I have no lawyer
        Hablan español? necesito ayuda con mi renovación
        Zatrzymać deportacje!
        أوقفوا الترحيل
        cancel the contracts with private prisons
        I called my senator but the line ended before I could finish
        end the wait for our kids
        """,
    "nothing": """
        Thank you so much!
        ❤️❤️
        Gracias por avisar
        ok done
        Dziękuję bardzo
        """,
}
