"""How does somebody answer questions: by a link, on a tablet, asked by staff, or on paper that is typed in?"""
