"""Days that count: public holidays, school holidays, marronniers, each with where it was taken from."""
