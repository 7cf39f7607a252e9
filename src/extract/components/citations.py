from spacy.language import Language
@Language.factory("extract_citations")
def create(nlp: object, name: str) -> object: return lambda doc: doc
