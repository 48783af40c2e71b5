"""Training and evaluation of the models: the only part that needs LightGBM."""
