from spacy.language import Language
@Language.factory("extract_endpoints")
def create(nlp: object, name: str) -> object: return lambda doc: doc
