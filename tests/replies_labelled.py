"""Replies as people type them, labelled by hand: what the grammar of rules/free_text.py was written against."""

# ruff: noqa: E501 - replies stand as they were typed

LABELLED = {
    "leaves": """
        STOP
        Stop.
        stop!!!
        S T O P
        STOP PLEASE
        stop stop stop
        Stop thank you
        please stop texting me
        Please STOP
        stop txting me
        Stop sending me these messages
        stop sending me your stupid political texts
        QUIT TEXTING ME
        can you please stop
        I want to unsubscribe
        how do I unsubscribe?
        unsubcribe
        Unsuscribe please
        pls unsub
        remove me from your list
        Remove my number
        take my name of your list
        take me off this list pls
        TAKE ME OFF YOUR LIST!!
        get me off this list
        opt me out
        OPT-OUT
        I would like to opt out of these messages thank you
        do not text me
        Don't text me again
        dont send me anything else
        Do not contact this number again
        No more texts
        no more messages please
        I don't want these texts
        I dont want this
        we are not interested
        Not interested, thanks
        I no longer wish to receive these messages
        Leave me alone
        wrong number
        Wrong number sorry
        You have the wrong number.
        this is the wrong number, I don't know any Maria
        stop texting me you corrupt politicians, deport them all
        Stop. Sent from my iPhone
        STOP\\n\\nSent from my iPhone
        STOP - Maria Gonzalez
        Stop\\nMaria Gonzalez
        I told you to stop
        why don't you stop texting me
        You never stop texting me
        NO STOP TEXTING ME
        Stop it
        STOP THIS
        cancel my subscription
        End these messages
        I'm sick of your texts
        enough with the texts
        i never signed up for this
        please delete my number from your database
        I asked you to stop three times, my family is tired of it
        > Call your senator today\\nstop
        ya no me manden mensajes
        Ya no quiero recibir mensajes
        no quiero más textos
        No me escriban más
        por favor no me manden nada
        no me vuelvan a escribir
        Dejen de mandarme mensajes!!
        paren los mensajes
        ALTO por favor
        Alto a los mensajes
        Por favor quíteme de su lista
        quiten mi numero
        Saquenme de esa lista
        darme de baja por favor
        quiero darme de baja de esta lista
        numero equivocado
        Está equivocado de número
        No me interesa, gracias
        déjenme en paz
        stop los textos porfavor
        Ya no mas mensajes plis, stop
        no more mensajes por favor
        basta de mensajes
        ya no me molesten
        proszę mnie wypisać
        Proszę o wypisanie mnie z listy
        Nie piszcie do mnie więcej
        nie chcę tych wiadomości
        przestańcie wysyłać smsy
        Proszę nie wysyłać mi wiadomości
        zły numer
        Koniec z SMSami, proszę
        الغاء الاشتراك
        توقفوا عن ارسال الرسائل
        من فضلك توقف
        لا اريد رسائل منكم
        لا ترسلوا رسائل
        الرقم خطأ
        احذفوا رقمي من القائمة
        не пишіть мені
        Припиніть надсилати повідомлення
        не надсилайте мені більше смс
        відпишіть мене будь ласка
        хватит мне писать
        arrêtez les messages s'il vous plaît
        je ne veux plus recevoir vos sms
        retirez mon numéro de votre liste
        mauvais numéro
        请停止发短信
        不要再给我发信息了
        退订
        그만 보내세요
        문자 보내지 마세요
        번호가 틀렸어요
        messages band karo
        मुझे मैसेज मत भेजो
        मैसेज भेजना बंद करो
        مجھے میسج مت بھیجیں
        tama na po, stop na
        huwag na kayo mag text please
        wag niyo na ako itext
        paki tanggal ng number ko
        """,
    "look": """
        Stop the deportations!
        STOP DEPORTATIONS NOW
        Stop family separation
        stop ICE
        Stop! Stop the deportations!
        ¡Alto a las deportaciones!
        Alto. ¡Alto a la migra!
        no más deportaciones
        No mas redadas por favor
        ¡Basta ya!
        Basta de redadas
        end detention now
        End family separation
        cancel title 42
        I will not stop fighting
        We will not stop
        we won't stop until families are together
        never stop fighting
        don't stop texting me, these are useful
        Please do not unsubscribe me
        keep sending these
        No more deportations
        no more raids, no more fear
        Quit separating families
        They need to stop this cruelty
        stop the wall
        Stop Trump
        We must stop them
        stop funding the war
        Stop lying to the people
        paren las deportaciones
        Paren ya la separación de familias
        No paren de luchar
        no dejen de mandar mensajes
        no quiero que me deporten
        No nos manden a México
        que paren las redadas
        dejen de separar familias
        zatrzymać deportacje
        Stop deportacjom!
        koniec z rozdzielaniem rodzin
        nie przestawajcie pisać
        أوقفوا الترحيل
        لا للترحيل
        لن نتوقف
        зупиніть війну
        Стоп депортаціям!
        arrêtez les expulsions
        停止驱逐
        추방을 중단하라
        निर्वासन बंद करो
        itigil ang deportasyon
        who is this
        Who is this?
        quien es?
        kto to?
        من انت
        when does it end?
        what time does the bus stop there
        I didn't get the text
        no me llegó el mensaje
        did you get my message?
        I can't text while driving, call me
        my mom is in detention, can you help her
        necesito un abogado
        is my DACA still valid
        I moved to Texas
        I need help, ICE is at my door
        My son stopped going to school
        I called but nobody answered
        call me back please
        How do I sign up my sister?
        can you text my sister too
        Is this a scam?
        no
        No thanks, I already called
        👎
        🛑
        Disliked “Call your senator today”
        I don't want to be deported
        we don't want this wall
        "Call your senator. Reply STOP to stop" is this real?
        ok but how do I get on the list
        I will be there at the end
        """,
    "nothing": """
        Thanks
        thank you!
        Thank you so much 🙏
        ok
        Ok thanks
        👍
        ❤️
        Gracias
        muchas gracias!
        ok gracias
        Dziękuję
        شكرا
        дякую
        merci
        谢谢
        감사합니다
        salamat po
        Done
        yes I did
        Liked “Call your senator today. Reply STOP to stop”
        Le gustó “Llame hoy. Responda STOP para parar”
        """,
}


def replies(labelled: dict[str, str]) -> list[tuple[str, str]]:
    """Reply and tier of each; a backslash and an n in a reply are a new line."""
    return [
        (line.strip().replace("\\n", "\n"), tier)
        for tier, lines in labelled.items()
        for line in lines.strip().splitlines()
    ]
