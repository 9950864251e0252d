"""Given names that tell "he" from "she": common ones of many countries, folded. Names borne by both are left out."""

from newsmill.tasks.enrich.entities.names import fold

_SHE = """
    Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Margaret Betty Sandra Ashley
    Dorothy Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Cynthia
    Kathleen Amy Shirley Angela Anna Ruth Brenda Pamela Nicole Katherine Catherine Virginia Debra Rachel Janet Emma
    Carolyn Maria Heather Diane Julie Joyce Evelyn Joan Victoria Kelly Christina Lauren Frances Martha Judith Cheryl
    Megan Andrea Olivia Ann Anne Jean Alice Jacqueline Hannah Doris Kathryn Gloria Teresa Sara Janice Marie Julia
    Grace Judy Theresa Rose Beverly Denise Marilyn Amber Danielle Brittany Diana Abigail Jane Natalie Lori Tiffany
    Alexis Kayla Hillary Hilary Melania Ivanka Chelsea Carly Condoleezza Nikki Kamala Tulsi Elena Olga Natalia Natalya
    Tatiana Svetlana Irina Ekaterina Oksana Yulia Yuliya Valentina Lyudmila Ursula Christine Angelique Claire Sophie
    Camille Isabelle Nathalie Sylvie Valerie Giorgia Giulia Francesca Chiara Elisa Paola Silvia Carmen Lucia Sofia
    Isabel Dolores Pilar Cristina Dilma Michelle Gabriela Fatima Aisha Ayesha Khadija Mariam Maryam Zainab Zeynep Ayse
    Emine Leyla Layla Noor Nour Hanan Amina Huda Rania Benazir Malala Priya Indira Sonia Mamata Sushma Nirmala Aung
    Ngozi Winnie Graca Joyce Ellen Leymah Wangari Mei Yuki Sakura Keiko Yuriko Sanae Park-Geun-hye Ingrid Astrid Greta
    Magdalena Ewa Agnieszka Katarzyna Malgorzata Beata Zuzana Jacinda Julia Gillian Fiona Nicola Theresa Priti Liz
    Ruth Caroline Charlotte Harriet Lucy Sally Wendy Tracy Debbie Marsha Hanna Sue Susie Suzanne Suzie Lucia Lucie
    Lucinda Luciana Marta Monica Monika Veronica Veronika Nina Tina Gina Dina Lena Petra Birgit Heike Sabine Silke
    Anke Antje Katja Tanja Anja Sonja Maja Mia Zoe Chloe Ella Eva Eve Ida Ines Irene Iris Isla Ivy Jasmine Jocelyn
    Josephine Justine Karin Katrin Kirsten Kirsty Kristen Kristin Kristina Larissa Leila Lara Leona Linnea Lorna
    Louisa Louise Lynn Lynne Mabel Madeleine Maeve Maggie Mandy Margarita Margot Marianne Marina Marisa Marjorie
    Martina Matilda Maud Maya Meg Meera Melinda Mercedes Mildred Millie Mina Minnie Mona Muriel Myra Nadine Nanette
    Naoko Natasha Nell Nelly Nora Norma Odette Olive Orla Paige Patty Paula Paulina Pauline Penelope Penny Philippa
    Phoebe Phyllis Polly Poppy Rachael Ramona Raquel Rebekah Regina Renee Rhoda Rhonda Roberta Rosa Rosalind Rosalyn
    Rosemary Rosie Roxanne Ruby Sabrina Sadie Saoirse Selina Serena Sian Simone Sinead Siobhan Sofie Sonya Stella
    Susanna Susannah Tabitha Tamara Tanya Tara Tatyana Tessa Thelma Tilda Trudy Ulrike Una Valeria Vanessa Verity
    Vicky Vivian Viviane Wanda Wilma Yasmin Yolanda Yvette Yvonne Zara Zarina Aoife Niamh Ciara Grainne Maire Catriona
    Ailsa Eilidh Rhiannon Bronwen Agnes Alma Amelia Anita Annette Annie Antonia Ava Beatrice Bella Bess Bettina Bianca
    Bonnie Bridget Cara Carla Carolina Cecile Celeste Celia Clara Constance Cora Corinne Daisy Daphne Dawn Deirdre
    Delia Della Doreen Dora Edith Edna Eileen Elaine Eleanor Elsa Elsie Erica Erika Erin Estelle Ethel Eugenia Eunice
    Fatma Faith Felicity Flora Florence Freya Gabriella Gail Gemma Genevieve Georgina Geraldine Gertrude Ginny Glenda
    Gwen Gwendolyn Hazel Heidi Helena Henrietta Hilda Holly Imelda Imogen Inga Ingeborg Irma Isabella Jana Janine
    Joanna Joanne Jodie Johanna Juana Juanita Julianne Juliet Juliette Karina Katharina Lidia Liliana Lilian Lily Lola
    Luisa Lupe Consuelo Rocio Ximena Alejandra Mariana Fernanda Daniela Catalina Paloma Rosario Bernadette Claudia
    Vera Nadia Lydia Miriam Esther Naomi Rita Sheila Maureen Loretta Samantha Kate Katie Kathy Cathy Jill Jenny Peggy
    Molly Becky Stacey Tammy Donna Marla Kellyanne
"""
_HE = """
    James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark
    Donald Steven Stephen Andrew Paul Joshua Kenneth Kevin Brian George Timothy Ronald Jason Edward Jeffrey Ryan Jacob
    Gary Nicholas Eric Jonathan Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond
    Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Noah Ethan Jeremy Walter Christian
    Keith Roger Terry Austin Sean Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse Bryan Billy Bruce Gabriel Joe
    Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent Mason Roy Ralph Bobby Russell Bradley Philip Phillip
    Eugene Ben Bernie Barack Mitt Newt Rand Marco Ted Jeb Chris Mike Jim Tom Bob Bill Tim Dan Rick Steve Ron Greg Jeff
    Matt Dave Sergey Sergei Vladimir Dmitry Dmitri Mikhail Nikolai Nikolay Alexei Aleksei Aleksandr Ivan Igor Oleg
    Yuri Yury Boris Viktor Anatoly Konstantin Maxim Pavel Andrei Andrey Volodymyr Petro Oleksandr Recep Tayyip
    Abdullah Mevlut Hulusi Mehmet Mustafa Ahmet Ahmed Mohammed Muhammad Mohamed Ali Hassan Hussein Ibrahim Omar Osman
    Khalid Khaled Yusuf Youssef Abdul Bashar Saddam Muammar Hosni Anwar Salman Faisal Nasser Mahmoud Ismail Tariq
    Karim Hamid Rashid Binyamin Benjamin Emmanuel Francois Jean-Claude Pierre Jacques Nicolas Michel Laurent Olivier
    Philippe Bernard Gerard Olaf Angelo Gerhard Helmut Klaus Hans Jurgen Wolfgang Frank-Walter Friedrich Heiko Silvio
    Matteo Giuseppe Mario Paolo Sergio Marco Antonio Pedro Pablo Carlos Luis Miguel Javier Fernando Jorge Diego
    Alejandro Hugo Nicolas Evo Rafael Jair Luiz Narendra Rahul Manmohan Amit Arvind Rajiv Imran Nawaz Shehbaz Hamid
    Ashraf Xi Jinping Shinzo Taro Fumio Junichiro Moon Jong-un Jong-il Ban Kofi Nelson Thabo Jacob Cyril Robert
    Emmerson Yoweri Paul Uhuru William Raila Goodluck Muhammadu Olusegun Abiy Haile Joao Jens Anders Fredrik Lars Erik
    Bjorn Mateusz Donald Andrzej Jaroslaw Lech Vaclav Milos Andrej Robert Viktor Janos Klaus Traian Boyko Alexis
    Kyriakos Antonis Nikos Edi Aleksandar Ilham Nikol Serzh Josh Corey Reince Alastair Alfie Alfonso Alfred Angus
    Archie Armando Arnold Arturo Barry Basil Bert Bertrand Brad Brendan Brent Bruno Byron Caleb Callum Calvin Cedric
    Cecil Cesar Chester Claude Clement Clifford Clive Clyde Colin Conor Connor Curtis Cyrus Damian Damien Damon Darren
    Darryl Declan Derek Desmond Diarmuid Dietrich Dirk Dominic Doug Duncan Dwight Eamon Earl Eddie Edgar Edmund Edwin
    Eduardo Elias Emil Emilio Enrique Ernesto Ernest Esteban Euan Evan Fabio Felipe Felix Ferdinand Finn Floyd
    Francisco Franz Fred Freddie Frederick Fritz Gareth Gavin Geoff Geoffrey Georg Gerry Gilbert Giles Giovanni Glen
    Glenn Gordon Gonzalo Guillermo Gunther Gus Gustav Gustavo Guy Hamish Hank Hector Heinrich Henrik Herbert Herman
    Horst Howard Hubert Humphrey Iain Ignacio Isaac Ivor Jaime Jake Jakob Jamal Jasper Jeremiah Joel Johan Johann
    Johannes Johnny Jon Jonas Josef Joris Julian Julio Julius Karl Kemal Ken Kenny Kieran Kurt Lachlan Lance Leo Leon
    Leonard Leonardo Leroy Lewis Liam Lionel Lloyd Lorenzo Louis Lucas Luca Ludwig Lukas Malcolm Manuel Marcel Marcelo
    Marcus Marcos Markus Martin Marvin Mathieu Mauricio Max Maximilian Mick Mickey Miles Milton Mitch Mitchell Murray
    Ned Nick Nigel Norman Oliver Omer Orlando Oscar Otto Owen Pascal Pete Phil Pieter Preston Quentin Ramon Raul Ray
    Reginald Rene Reza Ricardo Rob Roberto Rodney Rodrigo Rodolfo Roland Rolf Roman Ronnie Ross Ruben Rupert Salvador
    Sam Santiago Saul Sebastian Shane Shaun Simon Stanley Stefan Stuart Sven Tariq Theo Theodore Thierry Toby Todd
    Tomas Tommy Tony Trevor Tristan Tunji Ulrich Uwe Vernon Victor Vince Wallace Warren Wilfred Will Winston Xavier
    Yves Zach Sheldon Rudy Boyd Craig Ernie Harry Lindsey Trey Luke Seth Wes Wesley Jared Hugh Neil Ian Graham
"""
_ANY = """
    Abdul Abdullah Abdallah Abdulaziz Abdulrahman Abdou Abebe Abubakar Adama Adebayo Adel Adnan Adrián Agus Agustín
    Ahmet Aidan Ajay Akira Alberto Alejandra Alfredo Ali Álvaro Amadou Aminata Amir Ana Anand Andrés Anil Anita Anwar
    Aram Armando Arturo Asif Ashok Aliyu Ayman Aziz Babatunde Bakary Bambang Bashir Beatriz Bilal Blessing Bruno Budi
    Camila Cecilia Cemal César Chidi Chinedu Chukwuma Cristian Daniela Daud Deepak Dilip Dina Driss Eduardo Emeka
    Emmanuel Enrique Ernesto Esteban Faisal Farid Farouk Fatou Fatoumata Federico Felipe Felix Fernanda Francisco Fred
    Gabriel Ganesh Gerardo Gerald Gonzalo Guillermo Gustavo Habib Hadi Hadja Hakan Hamad Hamza Haruna Hasan Hassan
    Hector Héctor Henrique Hiroshi Hossam Humberto Hussain Hussein Ibrahim Ibrahima Idris Ignacio Ikechukwu Ismail Issa
    Iván Jaime Jamal Javed Joko Jonas José Juan Julio Julius Kabir Kareem Karim Kassim Kazuo Kenji Khaled Khalid
    Khalifa Kwabena Kwadwo Kwaku Kwame Kwasi Leonardo Lorenzo Luisa Luz Mahmoud Mahmud Majid Mamadou Manoj Manuel
    Marcelo Marcos Mariana Mario Martín Mauricio Maxwell Mehmet Mohamed Mohammad Mohammed Mohd Moses Moussa Mukesh
    Murat Musa Mustafa Mustapha Mutua Nabil Nadeem Naresh Nasser Nguyen Nikolai Nitin Nkosazana Norma Obinna Okechukwu
    Olivier Omar Osama Oscar Osman Ousmane Patricio Peter Prakash Pramod Pranab Rajesh Rajendra Rakesh Ramesh Ramón
    Rashid Ravi Reza Ricardo Roberto Rodrigo Rolando Romesh Rubén Said Saeed Salah Saleh Salem Salim Salman Samir
    Sanjay Santiago Santosh Sebastián Segun Sekou Selim Sergey Sipho Siti Sri Suresh Tariq Tendai Tomás Tunde Usman
    Vicente Vijay Vikram Vinod Walid Wilfredo Xavier Yahya Yaw Yousef Youssef Yusuf Yves Zahid Zain
"""
SHE_NAMES = frozenset(fold(name)[0] for name in _SHE.split())
"""Given names of women, folded."""
HE_NAMES = frozenset(fold(name)[0] for name in _HE.split()) - SHE_NAMES
"""Given names of men, folded."""
GIVEN_NAMES = SHE_NAMES | HE_NAMES | frozenset(fold(name)[0] for name in _ANY.split())
"""Those and common ones that nobody's pronoun is told by."""
