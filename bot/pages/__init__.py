"""The pages people see in a browser, with what they are made of."""
