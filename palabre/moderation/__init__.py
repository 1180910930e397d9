"""What may stand under the brand's name: rules, a review queue, decisions with their reasons, appeals."""
