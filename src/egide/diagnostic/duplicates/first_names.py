"""First names usual in France or in announcements, folded: where to begin before a corpus teaches its own.

Written by hand from common knowledge; no list of persons was read. A name that is not here is learnt when ads present
somebody by it (see identities.py).
"""

_WRITTEN = """
abby abigail ada adela adele adeline adriana agathe agnes aicha aida aimee aisha alba alejandra alessandra alexa
alexandra alexia alexis alice alicia alina aline alison alissa alix alizee allison alma alya alyssa alyssia amalia
amanda amandine amber ambre amelia amelie amelle amina aminata amira amy ana anabelle anais ananda anastasia andrea
angela angele angelica angelina angelique anita anna annabelle anne annie anouk antoinette antonella april arabella
ariana ariane arielle arlette armelle ashley asia assia astrid athena aude audrey augustine aurelia aurelie aurore
ava awa axelle aya ayla barbara beatrice bella benedicte berenice bernadette bertille betty bianca blanche blandine
brenda brigitte brittany bruna brune bruno camelia camila camilla camille candice candy capucine cara carina carine
carla carlotta carmela carmen carole carolina caroline cassandra cassandre cassie catalina caterina catherine cecile
cecilia celeste celestine celia celina celine chanel chantal charlene charline charlotte chelsea cherifa chiara
chloe christelle christiane christina christine cindy clara clarisse claude claudia claudine clea clelia clemence
clementine cleo clio clothilde clotilde colette coline constance cora coralie corinne cristina cynthia dahlia daisy
dalia dalila daniela daniele daphne dara darya deborah delia delphine denise diana diane dina djamila dolores
dominique donia dora dorothee dounia ebony eden edith elea eleana elena eleonore elia eliana elif elina eline elisa
elisabeth elise elizabeth ella elle elodie eloise elona elsa elvira elvire emeline emeraude emilia emilie emily emma
emmanuelle emmy enora erica erika erin esmeralda estelle esther eugenie eva evangeline eve evelyne fabienne fadila
faiza fanny fanta farah fatima fatou fatoumata faustine felicia felicie fernanda fiona flavia flavie fleur flora
flore florence florine france francesca francine francoise frederique gabriela gabriella gabrielle gaelle garance
genevieve georgia geraldine gina ginette gisele giulia gloria grace graziella greta gwen gwenaelle gwendoline habiba
hadja halima hana hanna hannah heidi helena helene heloise hermine hilda hind honorine hortense houda ida iman imane
imene ina inaya ines ingrid irena irene irina iris irma isabel isabella isabelle isadora isis ivana jacqueline jade
jamila jana jane janet janine jasmine jeanne jeannette jeannine jelena jenna jennifer jenny jessica jessie joana
joanna jocelyne joelle johanna josephine josette josiane joy joyce juana judith julia juliana julie julienne juliet
juliette june justine kadiatou kamila karen karima karin karina karine karla katarina kate katell katerina kathia
kathleen kathy katia katrina katy kelly kenza kiara kim kimberly kira klara kristina ksenia laetitia lamia lana lara
larissa latifa laura laure laureen laurence laurene laurie laurine lea leana leila leilani lena leonie leonor
leontine leslie leticia lexie lia liana lidia lila lili lilia liliane lilly lilou lily lina linda lindsay line lisa
lise lisette lison livia liza loane loha lola lolita lorena lorene lorraine lou louane louanne louisa louise louison
louna luana luce lucette lucia luciana lucie lucienne lucile lucille lucinda lucy ludivine luna lydia lydie lyla
lyna lynda lysa mabel maddie madeleine madison maelle maelys maeva magali magalie magda magdalena maggie maia
maimouna maina maissa malika mallory malvina mandy manon manuela mara marcelle margaret margarita margaux margot
marguerite maria mariam mariama marianne marie mariella marielle marilyn marina marine marion marisa marissa
marjorie marlene martha marthe martina martine mary maryam maryline maryse mathilde maud maureen maurine maya mayssa
megan meghane melanie melia melina meline melisande melissa melodie meryem mia michele micheline michelle mila
milena milla mina mira miranda mireille miriam moira molly mona monica monika monique morgane muriel myriam nada
nadege nadia nadine naelle nahla naima nancy naomi naomie natacha natalia natalie natasha nathalie nawel neila nell
nelly nesrine nicole nikita nina ninon nisrine noelie noella noelle noemie nolwenn nora norah norma nour nova oceane
octavia octavie odette odile olga olivia olympe ombeline ondine ophelie oriane orlane ornella pamela paola patricia
paula paule pauline peggy penelope perla perle perrine petra philippine pia priscilla prune quitterie rachel rachida
rafaela raissa ramona raphaelle raquel raya rebecca regina regine reine rejane renata renee rihanna rita roberta
romane romy ronja rosa rosalie rosalind rosanna rose roseline rosemary rosie rosine roxana roxane ruby ruth sabina
sabine sabrina sacha sadia safia sally salma salome samantha samia samira sandra sandrine sandy sara sarah sasha
savannah scarlett segolene selena selene selma serena severine shana shannon sharon sheila sherazade shirley sibylle
sidonie sienna silvia simona simone sirine sofia sofiane soizic solange solene solenne sonia sophia sophie soraya
stacy stefania stella stephanie stessy suzanne suzie suzy svetlana sylvia sylviane sylvie tamara tania tara tatiana
tess tessa thais thalia thea thelma theodora therese tiffany tina tosca tracy ulla ursula vaiana valentina valentine
valeria valerie vanessa vanina vera veronica veronika veronique vicky victoire victoria vida viktoria vinciane viola
violaine violet violette virginia virginie vivian viviane wafa wanda wendy wilma xena xenia yael yaelle yana yanna
yasmina yasmine yeleen yolande ysaline yuliya yumi yuna yvette yvonne zahia zahra zara zaza zeina zelda zelie zia
zineb zita zoe zohra zora zuzana
"""
FIRST_NAMES = frozenset(_WRITTEN.split())
