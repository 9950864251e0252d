"""Given names that tell "he" from "she": common ones of many countries, folded. Names borne by both are left out."""

from newsmill.tasks.enrich.entities.names import fold

_SHE = """
    Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Margaret Betty Sandra Ashley
    Dorothy Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Cynthia
    Kathleen Amy Shirley Angela Anna Ruth Brenda Pamela Nicole Katherine Catherine Virginia Debra Rachel Janet Emma
    Carolyn Maria Heather Diane Julie Joyce Evelyn Joan Victoria Kelly Christina Lauren Frances Martha Judith Cheryl
    Megan Andrea Olivia Ann Anne Jean Alice Jacqueline Hannah Doris Kathryn Gloria Teresa Sara Janice Marie Julia
    Grace Judy Theresa Rose Beverly Denise Marilyn Amber Danielle Brittany Diana Abigail Jane Natalie Lori Tiffany
    Alexis Kayla Hillary Hilary Melania Ivanka Chelsea Carly Condoleezza Nikki Kamala Tulsi Elena Olga Natalia
    Natalya Tatiana Svetlana Irina Ekaterina Oksana Yulia Yuliya Valentina Lyudmila Ursula Christine Angelique
    Claire Sophie Camille Isabelle Nathalie Sylvie Valerie Giorgia Giulia Francesca Chiara Elisa Paola Silvia Carmen
    Lucia Sofia Isabel Dolores Pilar Cristina Dilma Michelle Gabriela Fatima Aisha Ayesha Khadija Mariam Maryam
    Zainab Zeynep Ayse Emine Leyla Layla Noor Nour Hanan Amina Huda Rania Benazir Malala Priya Indira Sonia Mamata
    Sushma Nirmala Aung Ngozi Winnie Graca Joyce Ellen Leymah Wangari Mei Yuki Sakura Keiko Yuriko Sanae
    Park-Geun-hye Ingrid Astrid Greta Magdalena Ewa Agnieszka Katarzyna Malgorzata Beata Zuzana Jacinda Julia
    Gillian Fiona Nicola Theresa Priti Liz Ruth Caroline Charlotte Harriet Lucy Sally Wendy Tracy Debbie Marsha
    Bernadette Claudia Vera Nadia Lydia Miriam Esther Naomi Rita Sheila Maureen Loretta Samantha Kate Katie Kathy
    Cathy Jill Jenny Peggy Molly Becky Stacey Tammy Donna Marla Kellyanne
"""
_HE = """
    James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark
    Donald Steven Stephen Andrew Paul Joshua Kenneth Kevin Brian George Timothy Ronald Jason Edward Jeffrey Ryan
    Jacob Gary Nicholas Eric Jonathan Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank
    Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Noah Ethan Jeremy Walter
    Christian Keith Roger Terry Austin Sean Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse Bryan Billy Bruce
    Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent Mason Roy Ralph Bobby Russell Bradley
    Philip Phillip Eugene Ben Bernie Barack Mitt Newt Rand Marco Ted Jeb Chris Mike Jim Tom Bob Bill Tim Dan Rick
    Steve Ron Greg Jeff Matt Dave Sergey Sergei Vladimir Dmitry Dmitri Mikhail Nikolai Nikolay Alexei Aleksei
    Aleksandr Ivan Igor Oleg Yuri Yury Boris Viktor Anatoly Konstantin Maxim Pavel Andrei Andrey Volodymyr Petro
    Oleksandr Recep Tayyip Abdullah Mevlut Hulusi Mehmet Mustafa Ahmet Ahmed Mohammed Muhammad Mohamed Ali Hassan
    Hussein Ibrahim Omar Osman Khalid Khaled Yusuf Youssef Abdul Bashar Saddam Muammar Hosni Anwar Salman Faisal
    Nasser Mahmoud Ismail Tariq Karim Hamid Rashid Binyamin Benjamin Emmanuel Francois Jean-Claude Pierre Jacques
    Nicolas Michel Laurent Olivier Philippe Bernard Gerard Olaf Angelo Gerhard Helmut Klaus Hans Jurgen Wolfgang
    Frank-Walter Friedrich Heiko Silvio Matteo Giuseppe Mario Paolo Sergio Marco Antonio Pedro Pablo Carlos Luis
    Miguel Javier Fernando Jorge Diego Alejandro Hugo Nicolas Evo Rafael Jair Luiz Narendra Rahul Manmohan Amit
    Arvind Rajiv Imran Nawaz Shehbaz Hamid Ashraf Xi Jinping Shinzo Taro Fumio Junichiro Moon Jong-un Jong-il Ban
    Kofi Nelson Thabo Jacob Cyril Robert Emmerson Yoweri Paul Uhuru William Raila Goodluck Muhammadu Olusegun Abiy
    Haile Joao Jens Anders Fredrik Lars Erik Bjorn Mateusz Donald Andrzej Jaroslaw Lech Vaclav Milos Andrej Robert
    Viktor Janos Klaus Traian Boyko Alexis Kyriakos Antonis Nikos Edi Aleksandar Ilham Nikol Serzh Josh Corey Reince
    Sheldon Rudy Boyd Craig Ernie Harry Lindsey Trey Luke Seth Wes Wesley Jared Hugh Neil Ian Graham
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
