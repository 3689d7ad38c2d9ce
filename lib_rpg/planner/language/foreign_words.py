"""Words that tell languages in Latin letters apart, as prompts have them: small words, sides, colours, common nouns.

An `own` word is hardly ever met in an English prompt. A `shared` one is met in names ("Los Angeles", "van Gogh"), in
dishes and titles ("chili con carne", "film noir") or is an English word as well. Words that English has for itself are
not listed. Scripts are told by their letters: `other_languages`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib_rpg.planner.language.word_set import word_set


@dataclass(frozen=True)
class Language:
    """A language's name and words; ``l'`` stands for what is in front of an apostrophe."""

    name: str
    own: frozenset[str]
    shared: frozenset[str]


LANGUAGES = (
    Language(
        "German",
        word_set(
            "ein eine einen einem einer eines dem und oder mit ohne auf unter über ueber neben hinter vor zwischen zum "
            "zur vom für ist sind wird steht sitzt liegt hält trägt rechts oben unten mitte linken rechten seite rote "
            "roter rotes roten rotem blau blaue blauer blaues blauen blauem grün grüne grüner grünes grünen gelb gelbe "
            "gelber gelbes gelben schwarze schwarzes schwarzen weiß weiße weißer weißes weißen frau mädchen junge hund "
            "hunde katze katzen pferd himmel wiese straße stadt berge schnee nacht zwei drei vier fünf kleine kleiner "
            "kleines kleinen große großer großes großen altes alten schöne schönes haare haaren augen kleid "
            "hintergrund vordergrund bild nicht sehr auch sich während bäume bäumen blumen sonne fluss tisch bunte "
            "bunten bunter goldene goldenen goldenem silberne drachen drache burg hügel sonnenuntergang sonnenaufgang "
            "sitzen stehen spielt spielen tanzt tanzen läuft laufen schwebt fliegt frauen männer kinder mantel blume "
            "vögel wolken gebäude fenster brücke straßen küche dunkel dunkle dunkler dunklen gegen durch deren "
            "dessen ihr ihre ihren seinem keine jungen viele mehrere"
        ),
        word_set(
            "der die das den des von bei im am aus links rot schwarz weiss mann kind vogel baum haus wald berg meer "
            "alte alter auto quadrat kreis schloss ritter strand garten turm dorf nach"
        ),
    ),
    Language(
        "French",
        word_set(
            "un une avec dans sont droite dessus dessous derrière devant côté rouges bleue bleus bleues verte vertes "
            "jaune jaunes noire noires noirs chien chiens fille filles garçon arbre arbres forêt montagne montagnes "
            "oiseau oiseaux trois quatre cinq qui ses tient assis assise debout cheveux yeux très lumière pomme ville "
            "vêtue vêtu maisons rivière neige jeune vieille vieux deux qu' château colline plage coucher chevaux "
            "manteau épée couronne portant dansent jouent nuages étoiles lune lac bateau voiture vélo herbe tasse près "
            "autour pendant vers contre plusieurs leur leurs cette rouge-gorge"
        ),
        word_set(
            "les des du de la le au aux en et à sans sur sous est gauche entre milieu haut bas rouge bleu vert noir "
            "blanc blanche chat chats femme femmes homme hommes enfant maison ciel mer rue nuit fleur fleurs cheval "
            "petit petite grand grande que il elle sa porte tableau soleil cercle carré l' d' chapeau pont bois pierre "
            "clair belle beau ce"
        ),
    ),
    Language(
        "Spanish",
        word_set(
            "una un sobre está están izquierda derecha arriba abajo debajo encima detrás delante junto lado fondo rojo "
            "roja rojos azules verdes amarilla negra negros negras gato gatos gata perro perros mujer hombre niña "
            "chica árbol árboles cielo montaña montañas ciudad calle noche pelo cabello ojos vestido hermoso joven "
            "vieja pequeño pequeña cuatro muy lleva sentado sentada caballo pájaro su sus por hacia mientras luces "
            "blancos blancas cuadrado círculo manzana coche río nieve mujeres hombres playa castillo colina atardecer "
            "amanecer caballero armadura espada barco lago calles ventana jardín puerta niñas niños nubes estrellas "
            "jugando bailando sentados leyendo camina oscuro oscura dorada dorado madera piedra cerca dentro alrededor "
            "cada varios varias grandes pequeños falda camisa zapatos retrato paisaje"
        ),
        word_set(
            "el la los las de del y con sin en es entre medio azul verde amarillo negro blanco blanca niño chico casa "
            "bosque mar día flores hermosa viejo grande dos tres cinco que luz sol mesa para al sombrero puente pueblo "
            "luna claro esta corona"
        ),
    ),
    Language(
        "Italian",
        word_set(
            "una un gli degli delle nel nella negli sul sulla è sinistra destra sopra sotto dietro davanti tra accanto "
            "rossa gialla nera neri gatto gatti cani uomo ragazza ragazzo bambina bambini neve albero alberi cielo "
            "montagna montagne città notte capelli occhi vestito piccola cinque molto sfondo indossa seduto seduta "
            "fiume strada tavolo cavallo uccello mentre quadrato cerchio mela dell' nell' sull' un' castello collina "
            "tramonto cavaliere spada cappello villaggio finestra giardino nuvole giocano ballano legge cammina scuro "
            "scura dorata dorato legno pietra vicino dentro intorno contro ogni alcune molti ritratto paesaggio "
            "spiaggia giovane vecchio vecchia tazza mele rosse azzurro azzurra"
        ),
        word_set(
            "il lo la le di da del della dei con e sono fra centro rosso rossi blu verde verdi giallo nero bianco "
            "bianca bianchi donna bambino casa bosco fiori piccolo grande bella bello due tre quattro che luna alla al "
            "all' l' d' barca lago ponte porta stelle alba su corona"
        ),
    ),
    Language(
        "Portuguese",
        word_set(
            "um com sobre às esquerda direita cima baixo embaixo atrás frente lado meio fundo vermelho vermelha "
            "vermelhos amarelo amarela preto preta branca gato gatos cachorro cão mulher homem menina menino garota "
            "árvore árvores céu floresta montanha montanhas cidade rua noite cabelo cabelos olhos vestido pequeno "
            "pequena dois duas três quatro muito não está vestindo sentado sentada cavalo pássaro carro maçã círculo "
            "neve castelo colina pôr cavaleiro espada coroa chapéu barco janela jardim crianças meninas nuvens "
            "estrelas brincando dançando lendo escuro escura dourada dourado madeira pedra perto dentro cada "
            "vários várias retrato paisagem praia jovem velho velha xícara maçãs vermelhas azuis brancos"
        ),
        word_set(
            "uma os da do dos das na nos nas em sem à entre azul verde branco casa mar flores grande cinco que e são "
            "mesa luz sol ao ele ela seu sua o lago ponte porta lua"
        ),
    ),
    Language(
        "Dutch",
        word_set(
            "een het aan naast onder boven achter voor tussen rechts midden linkerkant rechterkant rood blauw blauwe "
            "groen groene geel gele zwart zwarte hond vrouw meisje jongen huis bomen straat nacht bloemen ogen jurk "
            "kleine grote twee drie vier vijf zeer niet zijn draagt achtergrond voorgrond paard tafel schilderij mooie "
            "oude jonge appel kasteel heuvel zonsondergang bij ridder zwaard hoed brug raam tuin deur kinderen jongens "
            "mannen vrouwen maan speelt spelen danst dansen leest loopt donker donkere gouden houten stenen rondom "
            "tegen elke enkele veel portret konijn vos honden katten rivier appels bloem"
        ),
        word_set(
            "de en van met op links kant rode wit witte kat lucht bos zee berg bergen stad haar haren klein groot "
            "vogel staat zit vierkant cirkel strand dorp wolken"
        ),
    ),
    Language(
        "Polish",
        word_set(
            "nad przed obok między lewej prawej lewo prawo stronie środku górze czerwony czerwona czerwone czerwonym "
            "czerwonej niebieski niebieska niebieskie niebieskim niebieskiej zielony zielona zielone żółty żółta żółte "
            "czarny czarna czarne biały biała białe białym kot koty kobieta mężczyzna dziewczyna dziewczynka chłopiec "
            "drzewo drzewa niebo niebie morze góry miasto ulica noc kwiaty włosy włosami oczy oczami sukienka sukience "
            "mały mała małe duży duża duże dwa dwie trzy cztery bardzo są się oraz który która które nie stoi siedzi "
            "trzyma tle koń ptak piękna młoda przy bez kwadrat koło zamek wzgórzu wzgórze zachodzie słońca słońce "
            "rycerz miecz łódź jezioro okno ogród drzwi dzieci chmury gwiazdy księżyc bawi tańczy czyta idzie biegnie "
            "ciemny ciemna złoty złota drewnianym drewniany stół wokół każdy kilka wiele krajobraz plaża plaży królik "
            "kota psa psy jabłka lesie morzem młody starego"
        ),
        word_set("na pod za dole pies dom las jest ze stole stary stara do po lis korona i"),
    ),
    Language(
        "Swedish",
        word_set(
            "ett och på från vänster höger över bakom framför mellan bredvid röd rött röda blå grön gröna svart svarta "
            "katt hund kvinna flicka pojke träd himmel skog hav natt hår ögon klänning liten två fyra är sitter står "
            "bakgrunden mycket det slott kulle solnedgången pojkar flickor hatt båt sjö sjön fönster trädgård "
            "moln stjärnor spelar dansar läser mörk gammal gamla hundar katter räv hare"
        ),
        word_set("en med till gul vit vita hus berg stad stor stora tre som av den"),
    ),
    Language(
        "Danish",
        word_set(
            "og på venstre højre foran mellem ved rød røde rødt blå blåt grøn hvid hvide hund kvinde mand pige dreng "
            "træ himmel skov hav bjerg hår øjne kjole sidder står baggrunden meget ikke bakke solnedgang drenge "
            "børn piger båd sø vindue skyer stjerner spiller danser læser mørk gammel gamle hunde katte ræv"
        ),
        word_set("en et med til fra gul kat hus nat lille stor tre er som den"),
    ),
    Language(
        "Norwegian",
        word_set(
            "og på venstre høyre foran mellom ved rød røde rødt blå blått grønn grønt svart hvit hvite katt hund "
            "kvinne jente gutt himmel skog hav fjell natt hår øyne kjole liten sitter står bakgrunnen veldig ikke "
            "slott solnedgang gutter jenter båt innsjø vindu skyer stjerner spiller danser leser mørk gammel "
            "gamle hunder katter hytte snø"
        ),
        word_set("en et med til fra bak gul mann hus stor tre er som den"),
    ),
    Language(
        "Czech",
        word_set(
            "nad vedle mezi vlevo vpravo levé pravé straně uprostřed červený červená červené modrý modrá modré zelený "
            "zelená zelené žlutý žlutá žluté černý černá černé bílý bílá bílé kočka žena muž dívka chlapec dům stromy "
            "obloha moře hory město ulice noc květiny vlasy oči šaty malý malá velký velká velké dva dvě tři čtyři "
            "velmi jsou který která které stojí sedí drží pozadí kůň pták hrad kopec západ slunce rytíř meč loď jezero "
            "okno zahrada dveře děti mraky hvězdy měsíc hraje tančí čte tmavý zlatý dřevěný stůl kolem několik krajina "
            "pláž zajíc liška psi lese pohovce starý stará"
        ),
        word_set("na se pod pes strom les je nebe malé portrét a"),
    ),
    Language(
        "Turkish",
        word_set(
            "bir ve ile sağda solda sağ sağında solunda üstünde altında arkasında önünde yanında arasında ortada "
            "kırmızı mavi yeşil sarı siyah beyaz kedi köpek kadın kız çocuk ağaç gökyüzü orman dağ şehir gece çiçek "
            "saçlı gözlü elbise küçük büyük üç dört çok güzel planda olan duran oturan için"
        ),
        word_set("sol adam ev deniz iki arka bu de da"),
    ),
    Language(
        "Vietnamese",
        word_set(
            "một và với bên trái phải trên dưới trước giữa màu đỏ xanh vàng đen trắng mèo chó cô gái người đàn ông cây "
            "nhà trời rừng biển núi đêm tóc mắt váy nhỏ lớn bốn rất đẹp là có trong của đang ngồi đứng chiếc bức hình"
        ),
        word_set("con hoa áo hai ba"),
    ),
    Language(
        "Indonesian",
        word_set(
            "seekor sebuah seorang dengan atas bawah belakang depan sebelah samping merah biru hijau kuning hitam "
            "putih kucing anjing wanita pria gadis rumah pohon langit hutan laut gunung malam bunga rambut gaun kecil "
            "besar dua tiga empat sangat memakai duduk berdiri latar cantik"
        ),
        word_set("dan di kiri kanan antara anak kota mata yang"),
    ),
)

ENGLISH = word_set(
    "the an on and with of at by from are his her their its this that these those which who whose while where left "
    "right top bottom above below under beneath behind beside between near next front middle side wearing holding "
    "sitting standing looking background foreground style hair eyes girl boy woman dress old young little big small "
    "black white red blue green yellow brown"
)
"""Words that tell English, none of them a word of the languages above."""
